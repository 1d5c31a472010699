import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LicenceText, textsOf } from './texts.ts'

/** Something that the software is made of. */
export interface Component {
  name: string
  version: string
  /** An SPDX expression; '' where none is said. */
  license: string
  /** A package URL, such as `pkg:npm/pino@10.4.0`. */
  purl: string
  /** Where it comes from; '' where nobody says. */
  homepage: string
  /** What the lockfile holds it to (Subresource Integrity); '' for what is in our own source. */
  integrity: string
  /** Package URLs of what it needs. */
  needs: string[]
  texts: LicenceText[]
}

interface Locked {
  version: string
  integrity?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

type Lock = Record<string, Locked>

/**
 * What the service runs on, as it is installed: from the lockfile's root through all that each needs. What is only for
 * other platforms is not there, and neither is what only tests need.
 *
 * @param root the folder with `package-lock.json` and `node_modules`
 */
export function componentsOf(root: string): Component[] {
  const lock: Lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const places = new Set<string>()
  const waiting = needsOf('')
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (places.has(place)) continue
    places.add(place)
    waiting.push(...needsOf(place))
  }
  const all = new Map<string, Component>()
  for (const place of [...places].sort()) {
    const component = read(place)
    // The same version may lie in several places.
    all.set(component.purl, component)
  }
  return [...all.values()]

  /** Where that lies what is needed by the package in this place, if it is installed. */
  function needsOf(place: string): string[] {
    const { dependencies, optionalDependencies, peerDependencies } = lock[place]!
    return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })
      .map((name) => find(place, name))
      .filter((found) => found !== null)
  }

  /** As Node finds it: beside the one that asks, or further up. */
  function find(from: string, name: string): string | null {
    for (
      let place = from;
      ;
      place = place.slice(0, Math.max(0, place.lastIndexOf('node_modules/') - 1))
    ) {
      const found = `${place ? `${place}/` : ''}node_modules/${name}`
      if (lock[found] && existsSync(join(root, found, 'package.json'))) return found
      if (place === '') return null
    }
  }

  function read(place: string): Component {
    const folder = join(root, place)
    const said = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const name = nameAt(place)
    const { version, integrity = '' } = lock[place]!
    return {
      ...{ name, version, purl: purlOf(name, version), integrity },
      license: typeof said.license === 'string' ? said.license : '',
      homepage: homepageOf(said),
      needs: needsOf(place).map((one) => purlOf(nameAt(one), lock[one]!.version)),
      texts: textsOf(name, folder, root),
    }
  }
}

function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

function homepageOf({ homepage, repository }: Record<string, unknown>): string {
  const named = typeof repository === 'string' ? repository : (repository as { url?: string })?.url
  const url = String(named ?? homepage ?? '')
    .replace(/^git\+/, '')
    .replace(/^git:/, 'https:')
    .replace(/\.git$/, '')
    .replace(/^(github:)?(?=[\w-]+\/[\w.-]+$)/, 'https://github.com/')
  return /^https:\/\/[\w./@-]+$/.test(url) && URL.canParse(url) ? url : ''
}
