import { host } from './host.ts'

addEventListener('message', function meet({ source, ports: [port] }) {
  // Only the page itself, and only once: what else is on the page has no business here.
  if (source !== parent || !port) return
  removeEventListener('message', meet)
  // The other parts are beside this document: nothing that the page sends says what is loaded here.
  host(port, new URL('.', location.href).href)
})
