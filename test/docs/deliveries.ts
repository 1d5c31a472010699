import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestService } from '../support/service.ts'
import { addTenant } from '../support/tenants.ts'
import { until } from '../support/until.ts'

/** What a webhook's receiver was sent. */
export interface Delivery {
  body: string
  headers: Record<string, string>
  secret: string
}

/** Has the service tell a webhook of an incident that begins and is over, and gives what arrived. */
export async function deliveriesOf(service: TestService): Promise<Delivery[]> {
  const came: Omit<Delivery, 'secret'>[] = []
  const receiver = createServer(async (request, response) => {
    came.push({ body: await text(request), headers: request.headers as Record<string, string> })
    response.end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  try {
    const { call } = await addTenant(service, { role: 'operator' })
    const order = { url: `http://127.0.0.1:${port}/`, kinds: ['incident'] }
    const { body: webhook } = await call('POST', '/webhooks', order)
    const incident = {
      title: 'Letters are late',
      components: ['notices'],
      body: 'We look into it.',
    }
    const { body: opened } = await call('POST', '/incidents', incident)
    const over = { state: 'resolved', body: 'It is over.' }
    const { status } = await call('POST', `/incidents/${opened.id}/updates`, over)
    assert.ok(status < 300, `the incident is resolved: ${status}`)
    await until(async () => {
      await service.context.jobs.tick()
      return came.length > 1
    }, 'both events arrived')
    return came.map((one) => ({ ...one, secret: webhook.secret }))
  } finally {
    receiver.closeAllConnections()
    await new Promise((closed) => receiver.close(closed))
  }
}
