import { BadRequest } from './bad-request.ts'
import type { Site } from './site.ts'

/** Throws `site-suspended` unless the site may be used. */
export function assertActive(site: Site): void {
  if (site.state === 'active') return
  throw new BadRequest(
    'site-suspended',
    'This site is suspended. Whoever runs the page can ask the operator of this service why.',
    'sitekey',
  )
}
