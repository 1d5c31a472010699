import { Fields } from '../fields'

/** A form that is sent to a route handler, `join/route.ts`. */
export default function Page() {
  return (
    <form method="post" action="/join">
      <Fields />
    </form>
  )
}
