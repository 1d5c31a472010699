type Child = Node | string
type Attributes = Record<string, string | number | boolean | ((event: never) => void)>

const SVG = 'http://www.w3.org/2000/svg'

/**
 * Makes an element. Everything is built by calls like this one: a page under a strict content policy or Trusted Types
 * takes no HTML text, and none can be injected.
 *
 * @param attributes the class alone; or several, where strings are set as attributes, and all else as properties, such
 * as `hidden` and `onclick`
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes | string = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(
    document.createElement(tag),
    typeof attributes === 'string' ? { class: attributes } : attributes,
    children,
  )
}

/** What the document itself has of a name: `document.body` may be a form of the page's that is called `body`. */
export const own = <K extends keyof Document>(name: K): Document[K] =>
  Reflect.get(Document.prototype, name, document)

/** A 20 px icon of one stroke, 100 long for whoever draws it bit by bit. Its words stand beside it or in its button's label. */
export function icon(path: string, name = ''): SVGSVGElement {
  const line = fill(document.createElementNS(SVG, 'path'), { d: path, pathLength: '100' }, [])
  const attributes = { viewBox: '0 0 20 20', 'aria-hidden': 'true', class: name }
  return fill(document.createElementNS(SVG, 'svg'), attributes, [line])
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') element.setAttribute(name, value)
    else element[name as 'id'] = value as never
  }
  element.append(...children)
  return element
}
