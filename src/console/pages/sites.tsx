import { Frame } from '../frame.tsx'
import { page, type Scope } from '../http.tsx'
import { Empty } from '../parts.tsx'

/** One's own sites. */
export function sitesPages(scope: Scope) {
  page(scope, '/', {
    get: () => (
      <Frame title="Sites" here="sites">
        <Empty title="No sites yet">Soon.</Empty>
      </Frame>
    ),
  })
}
