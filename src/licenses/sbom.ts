import { createHash } from 'node:crypto'
import type { Component } from './components.ts'
import type { Licences } from './list.ts'

/**
 * The bill of materials, in CycloneDX 1.6. What goes to browsers is marked as such. The same installation gives the same
 * bytes, on every node: it has a serial number that follows from what is in it, and no time.
 */
export async function makeSbom({ own, server, browser, source }: Licences): Promise<string> {
  // Loaded when it is asked for: nothing else needs it.
  const { Enums, Models, Serialize, Spec } = await import('@cyclonedx/cyclonedx-library')
  const inBrowser = new Set(browser.map(({ purl }) => purl))
  const root = new Models.Component(Enums.ComponentType.Application, own.name, {
    version: own.version,
    bomRef: `pkg:npm/${own.name}@${own.version}`,
    purl: `pkg:npm/${own.name}@${own.version}`,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense(own.license)]),
  })
  const all = [...server, ...source].map((one) => [one, componentOf(one)] as const)
  const byPurl = new Map(all.map(([{ purl }, component]) => [purl, component]))
  for (const [{ needs }, component] of all)
    for (const purl of needs) component.dependencies.add(byPurl.get(purl)!.bomRef)
  const needed = new Set(server.flatMap(({ needs }) => needs))
  for (const [{ purl }, component] of all)
    if (!needed.has(purl)) root.dependencies.add(component.bomRef)

  const bom = new Models.Bom({
    serialNumber: serialOf(all.map(([one]) => `${one.purl} ${one.integrity}`).join('\n')),
    metadata: new Models.Metadata({ component: root }),
    components: new Models.ComponentRepository(all.map(([, component]) => component)),
  })
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)
  return new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 1 })

  function componentOf({ name, version, license, purl, homepage, integrity }: Component) {
    const [, group, plain] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name)!
    const where = inBrowser.has(purl) ? 'server, browser' : 'server'
    const component = new Models.Component(Enums.ComponentType.Library, plain!, {
      ...{ group, version, purl, bomRef: purl },
      scope: Enums.ComponentScope.Required,
      licenses: new Models.LicenseRepository([licenseOf(license)]),
      properties: new Models.PropertyRepository([new Models.Property('one-captcha:where', where)]),
    })
    const [algorithm, digest] = /^(sha512)-(.+)$/.exec(integrity)?.slice(1) ?? []
    if (algorithm && digest) {
      const hex = Buffer.from(digest, 'base64').toString('hex')
      component.hashes.set(Enums.HashAlgorithm['SHA-512'], hex)
    }
    if (homepage) {
      const type = Enums.ExternalReferenceType.Website
      component.externalReferences.add(new Models.ExternalReference(homepage, type))
    }
    return component
  }

  function licenseOf(license: string) {
    return /\s/.test(license)
      ? new Models.LicenseExpression(license)
      : new Models.SpdxLicense(license)
  }
}

/** A UUID that follows from a text (RFC 9562, version 8). */
function serialOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return `urn:uuid:${parts.join('-')}-${hex.slice(20)}`
}
