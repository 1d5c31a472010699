import parse, { type Info } from 'spdx-expression-parse'

/** Licences that ask for no more than their text and their authors' names. */
const ALLOWED = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC'],
  ...['MIT', 'MIT-0', 'PSF-2.0', 'Unlicense'],
])

/** Others, for one component each, and why it may be used under them. The name's `*` stands for platforms. */
const EXCEPTIONS: readonly { name: RegExp; license: string; why: string }[] = [
  {
    name: /^@img\/sharp-libvips-[\w-]+$/,
    license: 'LGPL-3.0-or-later',
    why: 'A shared library in a package of its own, unchanged, that whoever runs the service can put another in place of.',
  },
  {
    name: /^@img\/sharp-(wasm32|win32-\w+)$/,
    license: 'LGPL-3.0-or-later',
    why: 'The same library, packed together with what calls it.',
  },
  {
    name: /^spdx-exceptions$/,
    license: 'CC-BY-3.0',
    why: 'A list of names; its authors are named.',
  },
]

/** Why a component may be used under a licence that is not on the list; '' where it is. Null if it may not. */
export function whyAllowed(name: string, license: string): string | null {
  const whys: string[] = []
  return isAllowed(parsed(license)) ? whys.join(' ') : null

  function isAllowed(info: Info | null): boolean {
    if (info === null) return false
    if ('conjunction' in info) {
      const { conjunction, left, right } = info
      return conjunction === 'or'
        ? isAllowed(left) || isAllowed(right)
        : isAllowed(left) && isAllowed(right)
    }
    const { license: id, plus, exception } = info
    if (ALLOWED.has(id) && !plus && !exception) return true
    const found = EXCEPTIONS.find((one) => one.name.test(name) && one.license === id)
    if (found) whys.push(found.why)
    return found !== undefined
  }
}

function parsed(license: string): Info | null {
  try {
    return parse(license)
  } catch {
    return null
  }
}
