import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { Page, sendPage } from './page.tsx'

/** What happens to whom the widget meets. Each sentence is about code in this repository, and must stay true of it. */
export function privacy(app: FastifyInstance, context: Context) {
  app.get('/privacy', { schema: { hide: true } }, (_, reply) =>
    sendPage(reply, <Privacy demo={context.demo !== null} />),
  )
}

function Privacy({ demo }: { demo: boolean }) {
  return (
    <Page
      title="Privacy – One Captcha"
      description="What One Captcha keeps about visitors, and for how long."
      path="/privacy"
      demo={demo}
    >
      <div class="text">
        <h1>Privacy</h1>
        <p class="lead">
          One Captcha finds out whether a browser has done some work and a puzzle is solved. Who you
          are does not matter for that, so it does not ask.
        </p>

        <h2>What is never kept</h2>
        <p>
          Your address, your browser’s name, a cookie, a fingerprint of your device: none of them is
          written to a disk, a database or a log. Nothing is stored in your browser except its usual
          copies of our files, which are the same for everybody. No other company is asked about you
          or told about you.
        </p>

        <h2>What your browser carries</h2>
        <p>
          A challenge is handed to your browser, encrypted, and comes back with your solution; here
          nothing is remembered meanwhile. In it are:
        </p>
        <ul>
          <li>a random number that makes it good for one try;</li>
          <li>
            which site it is for, the host name of its page, and what the site says of its form;
          </li>
          <li>when it was made and when it ends, at most ten minutes later;</li>
          <li>
            how hard the work is, how many tries there were, whether it was made lighter, and where
            the piece belongs.
          </li>
        </ul>
        <p>
          Once it is solved, you get a token with the random number, the site, the host name, what
          the site said, and the times. The site’s backend can ask us once whether it is good.
        </p>

        <h2>What is here for minutes</h2>
        <dl class="terms">
          <dt>Your solution</dt>
          <dd>
            The work, where you put the piece, and the way your pointer went: judged at once and
            forgotten. You need no pointer; the keyboard does as well.
          </dd>
          <dt>How busy it is</dt>
          <dd>
            Your network’s prefix, never the whole address, is turned into a short code under a
            random key, and challenges are counted in cells that many such codes share. The code is
            not kept; the key is in memory alone, also where several servers share it. Counts fade
            within minutes; a key is used for ten minutes and remembered for ten more, and whoever
            comes after that finds it gone.
          </dd>
          <dt>What was used</dt>
          <dd>
            The random numbers of challenges and tokens that were used, so that none is used twice.
            They are deleted shortly after they would have ended anyway, and say nothing about you.
          </dd>
        </dl>

        <h2>What is kept of those who have an account</h2>
        <p>
          Visitors have none. Who runs sites may have one here: a name to log in with, which may be
          made up; an e-mail address only if it was given, encrypted; passwords and keys only as
          hashes. Every change to a site or an account is written into a log under the account’s
          random number, without names or addresses. How often something happened on a site is
          counted in sums: none of them is about one visitor.
        </p>

        <h2>What is not in our hands</h2>
        <p>
          The site that shows the widget has its own notice, and so has whoever runs this server:
          what stands in front of it, such as a proxy, may keep a log of its own. A site that embeds
          One Captcha in the way of its first version gets a cookie on its own pages,{' '}
          <code>OneCaptchaToken</code>, with a hash of the token, for as long as that site says.
        </p>
      </div>
    </Page>
  )
}
