/** A test that shows a promise to be kept: its file, and its name there, as it stands. */
export interface Proof {
  file: string
  test: string
}

/** A clause of the Terms, and how the software keeps it. */
export interface Kept {
  clause: string
  title: string
  /** What the clause says, in short. */
  says: string
  /** What the software does, and where it can be seen; in the words of `Words`. */
  does: string
  /** Empty where a clause is about people and the law: it is stated, and no software can keep it. */
  proofs: readonly Proof[]
}

/**
 * The founding Terms, clause by clause. `promises.test.ts` finds every test that is named here where it is said to be, and
 * every clause of the text: nothing can be claimed that is not tested.
 */
export const PROMISES: readonly Kept[] = [
  {
    clause: '1.1',
    title: 'Who these Terms are for',
    says: 'Developers, visitors and third parties all use the Service; its API is described in one document for all.',
    does: 'One [API document](/openapi.json), made from the routes that are served. Visitors need no account.',
    proofs: [
      ...prove('test/api/terms.test.ts', [
        'every reply of the API says under which Terms it is given, and what holds for privacy',
      ]),
      ...prove('test/api/openapi.test.ts', [
        'is an OpenAPI 3.1 document whose every schema is one',
        'tells the truth: every documented route is there, and answers as described',
      ]),
      ...prove('test/browser/console-terms.test.ts', [
        'are agreed to by whoever signs up, which the page says with a link [Terms 1.1]',
      ]),
      ...prove('test/api/terms-versions.test.ts', [
        'signs up to the version that was shown, and to no other [Terms 1.1]',
      ]),
    ],
  },
  {
    clause: '1.2',
    title: 'Changes to these Terms',
    says: 'Every version is posted before it is in force, is never altered, and is told to everybody with an account; what was accepted is written down.',
    does: '[Versions](/terms/versions) with their differences and [a feed](/terms/feed.atom); letters and webhooks, written down with their cause and sent once; the database itself refuses to change an announced version.',
    proofs: [
      ...prove('test/api/notices.test.ts', [
        'is told in the way of Standard Webhooks, which others’ libraries verify',
      ]),
      ...prove('test/api/terms.test.ts', [
        'come into force by the clock, and the one before stays as it was',
        'are compared clause by clause, with words for those who hear it',
      ]),
      ...prove('test/nodes/terms.test.ts', [
        'are announced once by two operators at the same moment, and told once [Terms 1.2]',
        'can be read while the database is gone',
        'ask for a click on both, which counts on both at once [Terms 1.2]',
        'are taken back on both before the day [Terms 1.2]',
      ]),
      ...prove('src/store/terms.contract.ts', [
        'are not changed by any statement once they are announced [Terms 1.2]',
        'have the first in force at once, and every other after the notice period',
        'are announced with their hashes, an event and a notice, all or none',
      ]),
      ...prove('test/api/terms-versions.test.ts', [
        'is in force from its moment on, to the millisecond, and ends the one before [Terms 1.2]',
        'one version holds at every moment, at most one waits, dates grow, and what was published stays [Terms 1.2]',
        'agrees with the first call after a version is in force, once, whatever comes at once [Terms 1.2]',
        'is refused by the API until they click, where a version wants that; visitors notice nothing [Terms 1.2]',
        'keeps what was announced and accepted, guarded as before, in either database [Terms 1.2]',
      ]),
      ...prove('test/nodes/notices.test.ts', [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: its name, as it stands there
        'to ${ACCOUNTS} accounts by two nodes that are killed three times meanwhile: each has one letter [Terms 1.2]',
      ]),
      ...prove('test/browser/console-terms.test.ts', [
        'are written, looked at and announced by an operator, without a script [Terms 1.2]',
        'ask for a click where a version wants one, in the place of every page but the way out [Terms 1.2]',
      ]),
    ],
  },
  {
    clause: '2.1',
    title: 'What you may do',
    says: 'You may use the captcha.',
    does: 'It works with a mouse, a finger, a keyboard or a screen reader, on a [demo](/demo) and on sites with the strictest policies.',
    proofs: [
      ...prove('test/browser/journeys.test.ts', [
        'by dragging its handle with a mouse',
        'by dragging with a finger',
        'by keyboard alone',
      ]),
      ...prove('test/browser/csp.test.ts', [
        'may be as strict as documented, and nothing is missed',
      ]),
      ...prove('test/api/tokens.test.ts', [
        'is taken exactly once of 1,000 verifications at a time, over three services',
      ]),
    ],
  },
  {
    clause: '2.2',
    title: 'What you may not do',
    says: 'No attacks, no abuse, no access that was not given.',
    does: 'Work grows with what a network asks for, without keeping its address; a site’s key works on its own pages alone; what belongs to others is as if it were not there.',
    proofs: [
      ...prove('test/api/threats.test.ts', [
        'works on no other origin, however alike it looks',
        'has one try per challenge, however many positions are sent at once',
        'buys no fresh counter where no proxy is trusted',
      ]),
      ...prove('test/nodes/failures.test.ts', [
        'three nodes count a network together: what one has seen is dear at the others',
      ]),
      ...prove('test/api/accounts.test.ts', [
        'stops a network that tries many accounts [ASVS 6.3.1]',
      ]),
    ],
  },
  {
    clause: '2.3',
    title: 'Personal data',
    says: 'Nothing personal of visitors is collected; what is needed for a moment is encrypted or in memory, and ends within minutes.',
    does: 'Whole journeys with marked addresses, names and secrets are followed by a search of every file, table, key, log and metric. [What is kept](/privacy) is said from the schema itself.',
    proofs: [
      ...prove('test/privacy/audit.test.ts', [
        'leave nothing of anybody in any file, table, log or metric of one node, but the address that is encrypted',
        'leave nothing of anybody in PostgreSQL, in Redis, or in the files, logs and metrics of several nodes',
      ]),
      ...prove('test/api/privacy.test.ts', [
        'leaves no address, agent, cookie, token, secret or query in the log or in any file',
      ]),
      ...prove('test/browser/founding.test.ts', [
        'is the only one that leaves anything in the browser',
      ]),
    ],
  },
  {
    clause: '3.1',
    title: 'What belongs to whom',
    says: 'The Service belongs to those who made it; your sites remain yours.',
    does: 'The software’s own [licence and notice](/licenses/own.txt) are served with it; its pictures are painted by its own code.',
    proofs: [
      ...prove('src/licenses/licenses.test.ts', ['has a licence that is allowed, and its text']),
    ],
  },
  {
    clause: '3.2',
    title: 'Open-source licences',
    says: 'All works of others are listed with their licences.',
    does: '[Every component](/licenses) as it is installed, with its text, and as [a bill of materials](/sbom.cdx.json); a licence that is not allowed fails the tests.',
    proofs: [
      ...prove('src/licenses/licenses.test.ts', [
        'is what npm says is installed for production, no more and no less',
        'is told of browsers as it is bundled for them',
        'is seen: a dependency of a dependency under the GPL, and one without a text',
        'is CycloneDX 1.6 by its own schema, and a broken one is not',
      ]),
      ...prove('test/api/licenses.test.ts', [
        'names every component with its version and licence, and leads to its text',
      ]),
    ],
  },
  {
    clause: '4.1',
    title: 'No warranty',
    says: 'It is provided as it is, and used at your own risk.',
    does: 'Stated in the Terms and in the licence. To help with the risk, all can be taken along in a copy and brought back.',
    proofs: [
      ...prove('test/api/copies.test.ts', [
        'bring back, in a new folder, a store whose file was destroyed',
      ]),
    ],
  },
  {
    clause: '4.2',
    title: 'Interruptions',
    says: 'Maintenance is announced in advance, failures are written down, and the widget tells its page when the Service is away and when it is back.',
    does: '[The status page](/status) with what was measured, a feed and a calendar; letters and webhooks ahead of time; the widget’s own callbacks.',
    proofs: [
      ...prove('test/browser/maintenance.test.ts', [
        'asks visitors to come back after it, in their time, tells the page once, and once again',
        'is met with the same words, and comes back to callbacks once each',
        'does not take a good token with it',
      ]),
      ...prove('test/api/status.test.ts', [
        'is seen on every channel, each at its time',
        'needs a public reason at short notice, and ends when it is completed early',
        'is told of at each step, everywhere, and counts how long it took',
      ]),
      ...prove('test/nodes/status.test.ts', [
        'goes on with what it knew while PostgreSQL is away, and is itself again after it',
        'pause challenges together within seconds, and go on together',
        'tell what the clock brings once',
        'goes on and says so while Redis is away',
      ]),
      ...prove('test/browser/outage.test.ts', [
        'is told once, found again by a tick, and told once again',
        'is found again when the browser finds its network, with nobody doing anything',
      ]),
    ],
  },
  {
    clause: '4.3',
    title: 'Links to others',
    says: 'Pages and widget load nothing from third parties; links to others are marked.',
    does: 'Every page’s policy lets in nothing but its own server’s files, and a browser that asked anybody else would fail the tests.',
    proofs: [
      ...prove('src/terms/render.test.ts', ['says which links lead to others']),
      ...prove('src/pages/pages.test.ts', ['lets in nothing but its own server’s files: %s']),
      ...prove('test/browser/about.test.ts', [
        'is clean for axe, asks nobody else for anything, and marks what leads elsewhere: %s',
      ]),
    ],
  },
  {
    clause: '5.1',
    title: 'What we do for it',
    says: 'What people entrust to the Service is encrypted or hashed, and the privacy notice is made from what the software works with.',
    does: 'A field without a purpose does not compile; [the notice](/privacy) and [the record of processing](/privacy/record.json) say all of them.',
    proofs: [
      ...prove('src/store/retention.contract.ts', [
        'is said of every table and column that is there, and of none that is not',
      ]),
      ...prove('src/privacy/privacy.test.ts', [
        'tells how it is kept as its name does',
        'says of everything that is kept what it is, why, and for how long',
      ]),
      ...prove('test/api/terms-versions.test.ts', [
        'finds in their own data what they agreed to [Terms 5.1]',
      ]),
    ],
  },
  {
    clause: '5.2',
    title: 'Lawful use of data',
    says: 'Data is processed as the law allows, and only for what it is there for.',
    does: 'Each field has a basis in law and a time; a job deletes what was kept long enough. Whoever has an account can have all of it, or have it deleted.',
    proofs: [
      ...prove('src/store/retention.contract.ts', [
        'goes when its time is over, and not before: %s',
      ]),
      ...prove('test/api/retention.test.ts', [
        'is deleted by the service itself within an hour of its end, and what is beside it stays',
      ]),
      ...prove('test/api/accounts.test.ts', [
        'can be had, all of it, and without a secret [ASVS 14.2.6]',
        'is deleted at once, with the sites that nobody else owns, which is said before',
      ]),
    ],
  },
  {
    clause: '5.3',
    title: 'When something goes wrong',
    says: 'Those concerned are told without undue delay, the authority within 72 hours; security is checked every day.',
    does: 'A register with a clock, drafts of what the law asks for, [a public record](/breaches), and a doctor that looks at settings, keys, log and copies every day.',
    proofs: [
      ...prove('test/api/breaches.test.ts', [
        'each account that it concerns is told once, with all that the law asks for, and nobody else',
        'the operators are reminded at 48, 66 and 72 hours, and a late telling wants its reason',
      ]),
      ...prove('test/nodes/breaches.test.ts', [
        'two operators press at once on two nodes, again and again: each account gets one letter for each telling',
        'is called once a day by one of them, and by the other where that one is gone',
      ]),
      ...prove('test/browser/console-breaches.test.ts', [
        'writes a breach down, tells the authority and those concerned, says it in public, and closes it',
      ]),
      ...prove('test/api/doctor.test.ts', [
        'looks once a day by itself, tells the operators of what fails once a day, and says when it is overdue',
        'names an altered event of the audit log, and each other fault that is planted, and what is mended is well',
      ]),
    ],
  },
  {
    clause: '6.1',
    title: 'Keeping secrets',
    says: 'A secret is shown once and stored as a hash; it can be replaced with an overlap, and ended at once.',
    does: '[How each secret is kept](/confidentiality), with prefixes and checksums for scanners.',
    proofs: [
      ...prove('test/api/manage-leaks.test.ts', [
        'is in no log, no answer and no file, whatever is done with it [ASVS 14.2.4, 16.2.5]',
      ]),
      ...prove('test/api/manage-ends.test.ts', [
        'a secret, when it is rotated: none of the calls under load fails in the overlap, and none passes after',
      ]),
      ...prove('test/api/accounts.test.ts', [
        'writes no password, token or login into a file or the log [ASVS 14.2.4, 16.2.5]',
      ]),
      ...prove('src/keys.test.ts', ['tells a mistyped secret by its checksum']),
    ],
  },
  {
    clause: '6.2',
    title: 'When a secret gets out',
    says: 'Whoever finds a secret can have it ended.',
    does: '[A call without an account](/confidentiality) that ends it on every server at once.',
    proofs: [
      ...prove('test/api/manage-leaks.test.ts', [
        'ends for whoever shows it, of whatever sort, and all hear the same',
      ]),
      ...prove('test/api/promises.test.ts', [
        'says of each how it begins and how it is kept, and where to report one',
        'has rules by which a scanner finds every sort that is made, and nothing shorter',
      ]),
    ],
  },
  {
    clause: '7.1',
    title: 'How it ends',
    says: 'All rights end at once, on every server.',
    does: '[What ends](/termination): sessions, keys, secrets, solutions and tokens, compared in the very call that accepts them.',
    proofs: [
      ...prove('test/nodes/together.test.ts', [
        'is refused by all: a token minted before never passes once the change has been acknowledged [8.3.2]',
        'is refused by a node that slept through it, from the first call on',
      ]),
      ...prove('test/nodes/accounts.test.ts', [
        'are suspended on one, and out on the other in that very moment [ASVS 7.4.2]',
      ]),
      ...prove('test/api/manage-ends.test.ts', [
        'a key, with itself, with its account’s suspension, and for good with its end',
        'a site that an operator suspends: nothing is accepted, its members may look and leave',
      ]),
    ],
  },
  {
    clause: '7.2',
    title: 'What remains',
    says: 'The log keeps what was done, under a random number, and an altered entry is noticed.',
    does: 'A log whose every entry vouches for those before it; [what stays](/termination), and for how long.',
    proofs: [
      ...prove('src/store/audit-log.contract.ts', [
        'names the event of which one character was changed, wherever',
        'tells a tail that was rewritten with good hashes: by its head, or by a head that was kept',
      ]),
      ...prove('test/api/manage-audit.test.ts', [
        'can be taken along, one event per line, and checked by anybody',
      ]),
      ...prove('src/store/retention.contract.ts', [
        'goes with its account, in the moment in which it ends; of the account its number stays',
      ]),
      ...prove('src/store/terms.contract.ts', [
        'have no acceptance changed or taken away by any statement [Terms 7.2]',
      ]),
      ...prove('test/api/terms-versions.test.ts', [
        'stays responsible for what they agreed to when the account has ended [Terms 7.2]',
      ]),
      ...prove('test/api/promises.test.ts', [
        'says what goes with an account, and of what stays for how long',
      ]),
    ],
  },
  {
    clause: '8.1',
    title: 'Applicable law',
    says: 'The law of the place that the operator has named applies.',
    does: 'The operator’s own words, in [the Terms](/terms). Nothing is ever derived from where you are.',
    proofs: [
      ...prove('src/terms/founding.test.ts', [
        'say who runs the service, where they are reached, whose law holds and how long notice is',
      ]),
    ],
  },
  {
    clause: '8.2',
    title: 'Talking first, and courts',
    says: 'Disputes are first told and talked about.',
    does: 'Stated in [the Terms](/terms).',
    proofs: [],
  },
  {
    clause: '8.3',
    title: 'Mediation and arbitration',
    says: 'Mediation comes before courts.',
    does: 'Stated in [the Terms](/terms).',
    proofs: [],
  },
  {
    clause: '9.1',
    title: 'Feedback',
    says: 'Feedback is welcome, needs no account, and is answered.',
    does: '[A form](/feedback) that our own widget guards, bound to a version and clause where it is about the Terms; an answer by code or by mail.',
    proofs: [
      ...prove('test/browser/feedback.test.ts', [
        'somebody ticks the box, sends, and reads the answer with the receipt',
        'somebody waits half a minute in place of the box, and nothing they typed is lost',
      ]),
      ...prove('test/api/feedback.test.ts', [
        'is kept for a token of the widget, and read with the receipt in the answer',
        'is bound to a version and a clause of the Terms that are there',
        'is answered by mail, the notes are not, and the address is gone once it is closed',
        'is not kept before its sender has decided about it',
      ]),
      ...prove('test/crash/feedback.test.ts', [
        'is there after a kill -9 that comes right after its 201, and again after the next',
      ]),
    ],
  },
  {
    clause: '9.2',
    title: 'Contact',
    says: 'The operator can be reached, and told of weaknesses.',
    does: 'The contact from the settings in the Terms, in [the privacy notice](/privacy#who) and in [security.txt](/.well-known/security.txt).',
    proofs: [
      ...prove('src/terms/founding.test.ts', [
        'say who runs the service, where they are reached, whose law holds and how long notice is',
      ]),
      ...prove('src/privacy/privacy.test.ts', [
        'names who runs the service and how to reach them, and says so where nobody is named',
      ]),
      ...prove('test/api/feedback.test.ts', [
        'is where to tell of a weakness, and where to change a password; anything else is not there',
        'there are no routes for it and no links to it, and a weakness can still be told',
      ]),
      ...prove('src/server/well-known.test.ts', [
        'says whom to tell, until when, in which language, and where it stands',
        'ends half a year after the day on which it is read, where no day is set',
      ]),
    ],
  },
  {
    clause: '10.1',
    title: 'The whole agreement',
    says: 'Terms and privacy notice are the whole agreement; a signed list names them with their hashes.',
    does: '[One list](/terms/manifest.json), signed; the same bytes for everybody.',
    proofs: [
      ...prove('test/api/terms.test.ts', [
        'names every text in force by the hash of what is served',
        'is verified by OpenSSL',
      ]),
      ...prove('test/api/privacy-notice.test.ts', [
        'is the same text with the same hash, whoever asks for it by whatever name',
      ]),
    ],
  },
  {
    clause: '10.2',
    title: 'If a clause does not hold',
    says: 'The other clauses hold as before.',
    does: 'Stated in [the Terms](/terms), where each clause stands for itself and has an address of its own.',
    proofs: [
      ...prove('src/terms/founding.test.ts', [
        'have every clause of all ten parts, with its address, in %s',
      ]),
    ],
  },
  {
    clause: '10.3',
    title: 'What nobody can help',
    says: 'Nobody answers for what is beyond control; what a site does while the Service is away is its own choice.',
    does: 'Each site says what its backend does then; without its ledger the Service lets nobody through.',
    proofs: [
      ...prove('test/api/standing.test.ts', [
        'is told apart, to be tried again soon: nobody is let through',
      ]),
    ],
  },
]

/** Clauses that no software can keep: they are stated, and that is all. */
export const STATED: ReadonlySet<string> = new Set(['8.2', '8.3'])

function prove(file: string, tests: readonly string[]): Proof[] {
  return tests.map((test) => ({ file, test }))
}
