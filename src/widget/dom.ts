type Child = Node | string
type Attributes = Record<string, string | number | boolean | ((event: never) => void)>

const SVG = 'http://www.w3.org/2000/svg'

/**
 * Makes an element. Everything is built by calls like this one: a page under a strict content policy or Trusted Types
 * takes no HTML text, and none can be injected.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  assign(element, attributes)
  element.append(...children)
  return element
}

/** A 20 px icon of one stroke. Its words stand beside it or in its button's label. */
export function icon(path: string, attributes: Attributes = {}): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  assign(svg, { viewBox: '0 0 20 20', 'aria-hidden': 'true', ...attributes })
  const line = document.createElementNS(SVG, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

function assign(element: Element, attributes: Attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function')
      element.addEventListener(name.slice(2), value as (event: Event) => void)
    else if (value !== false) element.setAttribute(name, value === true ? '' : `${value}`)
  }
}
