import { host } from './host.ts'

// Written into the frame's document by us (`document.ts`): nothing that the page sends says what is loaded here.
const { worker, solver } = document.currentScript!.dataset as { worker: string; solver: string }
// Whole, because the worker would take it as seen from its own address.
const urls = { worker, solver: new URL(solver, document.baseURI).href }

addEventListener('message', function meet({ source, ports: [port] }) {
  // Only the page itself, and only once: what else is on the page has no business here.
  if (source !== parent || !port) return
  removeEventListener('message', meet)
  host(port, urls)
})
