/** How work shares its thread with others. */
export interface Pace {
  /** For how long work may keep the thread, in milliseconds. */
  sliceMs: number
  /** Lets others have the thread. */
  rest(): Promise<unknown>
}
