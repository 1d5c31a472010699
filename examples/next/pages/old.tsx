import { Fields } from '../fields'

/** The pages router: a form that is sent to an API route. */
export default function Old() {
  return (
    <form method="post" action="/api/join">
      <Fields />
    </form>
  )
}
