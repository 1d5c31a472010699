'use client'

import { useActionState } from 'react'
import { Fields } from '../../fields'
import { join } from './join'

/** A form that is sent to a server action. */
export default function Page() {
  const [told, send] = useActionState(join, '')
  return (
    <form action={send}>
      <Fields />
      <output>{told}</output>
    </form>
  )
}
