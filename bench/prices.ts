/** A figure that somebody else published, and where. */
export interface Published {
  value: number
  unit: string
  what: string
  source: string
  /** When it was published, or looked up there; as exactly as is known. */
  date: string
}

/** What the tables of `economics.ts` count with. None is measured here; whoever finds a newer one changes it. */
export const PRICES = {
  /** As cheap as one was found: shared, so a neighbour may take a part of it. The same plan costs more since 2026-06-15. */
  sharedCore: {
    value: (0.0104 / 4) * 1.1637,
    unit: '$ per vCPU-hour',
    what: 'Hetzner CX33, €0.0104 an hour for 4 shared vCPUs, at $1.1637',
    source: 'github.com/devantler-tech/platform, commit cb791c6f, which quotes Hetzner’s price API',
    date: '2026-05-27',
  },
  dedicatedCore: {
    value: (138.49 / 730 / 8) * 1.1133,
    unit: '$ per vCPU-hour',
    what: 'Hetzner CCX33, €138.49 a month for 8 dedicated vCPUs, at $1.1133',
    source: 'github.com/moveinfra/eu-cloud-prices, data/eu-cloud-prices.csv',
    date: '2026-10-28',
  },
  card: {
    value: 0.29,
    unit: '$ per hour',
    what: 'RTX 4090, OpenRelay; others asked $0.31 (Vast.ai, interruptible) to $0.88 (Vast.ai, on demand)',
    source:
      'github.com/api-evangelist/openrelay, plans/openrelay-plans-pricing.yml; fairlane.systems, “Vast.ai”; usagepricing.com, “Vast.ai pricing”',
    date: '2026-09-20; 2026-05; 2026-06',
  },
  sha256Card: {
    value: 21_975.5e6,
    unit: 'hashes a second',
    what: 'RTX 4090, hashcat 6.2.6, mode 1400',
    source: 'gist.github.com/Chick3nman/32e662a5bb63bc4f51b847bb422222fd',
    date: '2022-10',
  },
  pbkdf2Card: {
    value: (8_865.7e3 * 999) / 5_000,
    unit: 'keys a second',
    what: 'RTX 4090, hashcat 6.2.6, mode 10900 (PBKDF2-HMAC-SHA256): 8,865.7 kH/s of 999 iterations, here of 5,000',
    source: 'gist.github.com/Chick3nman/32e662a5bb63bc4f51b847bb422222fd',
    date: '2022-10',
  },
  /** Estimated: by multiprocessors (128 to 46) and clock (2.52 to 1.73 GHz), the integer units of both being alike. */
  blake2bCard: {
    value: 3.204e9 * (128 / 46) * (2.52 / 1.73),
    unit: 'hashes a second',
    what: 'RTX 4090, estimated from the 3.204 GH/s of an RTX 3070 with ProxiChorizo 2.0.5; an RTX 5090 does 21.6 GH/s with 2.1.1',
    source: 'github.com/ocminer/ProxiChorizo, releases v2.0.5 and v2.1.1',
    date: '15 and 20 November, no year shown',
  },
  /** The highest that was claimed for one card, by a user of a closed program: nobody else confirms it. */
  equixCard: {
    value: 70_000,
    unit: 'solutions a second',
    what: 'RTX 4090, the gpool miner, said by one of its users (“70+”, taken for thousands)',
    source: 'github.com/SL-x-TnT/OrionClient, issue 4',
    date: '2025-03-11',
  },
  equixCardOpen: {
    value: 28_500,
    unit: 'solutions a second',
    what: 'RTX 4090, OrionClient (open source), said by one of its users (28 to 29 KH); 40 and more a month later',
    source: 'github.com/SL-x-TnT/OrionClient, issues 2 and 4',
    date: '2025-02-13; 2025-03-11',
  },
  farm: {
    value: 1.2,
    unit: '$ per 1,000 pictures',
    what: '2Captcha’s “coordinates” task, whose description names custom sliders; others ask up to $2.00',
    source: '2captcha.cn/api-docs/coordinates; anysolver.com/docs/tasks/CoordinatesRecognition',
    date: '2023-08; not dated',
  },
  sliderService: {
    value: 0.2,
    unit: '$ per 1,000 pictures',
    what: 'a program that solves TikTok’s slider, in bulk ($1.00 otherwise); its maker claims 99.7 % in 8 ms',
    source: 'tiktok-captcha, its description in Python’s package index',
    date: 'not dated',
  },
  proxy: {
    value: 0.89,
    unit: '$ per GB',
    what: 'residential addresses in bulk, Proxynade; $5.00 for its better ones',
    source: 'proxynade.net, “Per-GB proxy pricing”',
    date: '2026-06-12',
  },
} satisfies Record<string, Published>
