/** The picture's size in CSS pixels: what places and replies are measured in. */
export const WIDTH_PX = 320
export const HEIGHT_PX = 180

/** Image pixels per CSS pixel: sharp on the screens that most visitors have. */
export const SCALE = 2

/** The image's size. Maps and canvases are column by column (`x * ROWS + y`): landscapes are painted downwards. */
export const COLUMNS = WIDTH_PX * SCALE
export const ROWS = HEIGHT_PX * SCALE
