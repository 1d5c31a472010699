/** Where the panel stands while it is open. */
export interface Stand {
  open(): void
  close(): void
}

/**
 * @param element the panel, in its place below the box
 * @param adopt takes styles in
 * @param close what somebody does who leaves the panel
 */
export type MakeStand = (
  element: HTMLElement,
  adopt: (css: string) => void,
  close: () => void,
) => Stand
