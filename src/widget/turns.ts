/** Has what is asked of one thing be done one after another, whatever becomes of each. */
export function openTurns<Thing extends object>() {
  /** The end of what was asked of each last. */
  const ends = new WeakMap<Thing, Promise<unknown>>()

  return <T>(thing: Thing, act: () => Promise<T>): Promise<T> => {
    const mine = (ends.get(thing) ?? Promise.resolve()).then(act)
    ends.set(
      thing,
      mine.catch(() => {}),
    )
    return mine
  }
}
