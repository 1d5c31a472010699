// biome-ignore-all lint/suspicious/noVar: the loader carries this file into browsers that know no newer words
// biome-ignore-all lint/complexity/useOptionalChain: likewise

/**
 * Finds a callback by its name in an attribute, such as `onPass` or `myApp.onPass`.
 *
 * An attribute is easier to inject than a script, so it must not reach what the page did not write for this: only
 * the page's own functions count, found through own data properties. The browser's functions (`alert`, `eval`,
 * `document.write`), its accessors (`location`, `document`, `parent`) and prototypes are out of reach. A bound function
 * looks like a built-in one and is refused too; hand such a function over by `render()`.
 */
export function callbackNamed(name: string | null | undefined): ((value?: unknown) => void) | null {
  // A window's own numbers are its frames.
  if (!name || /(^|\.)\d/.test(name)) return null
  var found = name.split('.').reduce(own, window as unknown)
  return isOwnFunction(found) ? (found as (value?: unknown) => void) : null
}

function own(owner: unknown, name: string): unknown {
  // Only what is an object may own something; the browser's own functions never do for us.
  if (!owner || (typeof owner !== 'object' && !isOwnFunction(owner))) return null
  var property: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(owner, name)
  return property && property.value
}

function isOwnFunction(value: unknown) {
  return (
    typeof value === 'function' &&
    !/\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(value))
  )
}
