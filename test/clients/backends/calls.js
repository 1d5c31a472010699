import { json } from 'node:stream/consumers'

/** Asks a client what stdin has, one call after another, and writes what it made of each. */
export async function askEach(ask) {
  const told = []
  for (const call of await json(process.stdin)) {
    told.push(await ask(call).catch((error) => ({ passed: false, thrown: codeOf(error) })))
  }
  process.stdout.write(JSON.stringify(told))
}

const codeOf = (error) => error.code ?? error.cause?.code ?? error.message

/** Sends a form to a program's own server, as a visitor's browser would. */
export function join(server, path, token, headers = {}) {
  return fetch(`http://127.0.0.1:${server.address().port}${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(token === null ? {} : { 'g-recaptcha-response': token }),
  })
}
