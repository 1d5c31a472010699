/** A ring with a gap, and the piece that fits it. */
const PATH = 'M16.5 8A7 7 0 1 0 17 10M9 10.5l2.5 2.5L18 5.5'

/** The mark, as a file of its own: the colours of `tokens.css`, which an icon cannot read. */
export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><style>path{stroke:#1f5fd6}@media (prefers-color-scheme:dark){path{stroke:#7db0ff}}</style><path d="${PATH}" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`

export const TICK = 'M4 10.5l4 4 8-9'
export const CLOCK = 'M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM10 5.8v4.4l2.8 1.8'
export const BANG = 'M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM10 6.2v4.6M10 13.6v.2'

/** One Captcha's mark. */
export function Mark() {
  return <Icon path={PATH} />
}

/** A line drawing in the colour of the text. Decoration only: a word beside it says the same. */
export function Icon({ path }: { path: string }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={path} />
    </svg>
  )
}
