/** One puzzle picture, ready to be sent. Sizes and places in CSS pixels; the images have twice as many. */
export interface Picture {
  /** The scene with its gaps, WebP, 640×360. */
  scene: Uint8Array
  /** The piece, WebP with transparency, `2 × pieceWidth` by `2 × pieceHeight`. */
  piece: Uint8Array
  pieceWidth: number
  pieceHeight: number
  /** The row of the piece and of every gap that can be reached: distance of its top edge from the picture's. */
  y: number
  /** Where the true gap is: distance of the piece's left edge from the picture's. The secret. */
  gapX: number
}

/** Keeps pictures ready. */
export interface Painter {
  /**
   * The next picture, or null when none is ready. Each is given out once.
   *
   * @param reserve the share of all that are kept ready which must be left, 0 to 1
   */
  take(reserve?: number): Picture | null
  /** How many are ready now. */
  ready(): number
  close(): Promise<void>
}
