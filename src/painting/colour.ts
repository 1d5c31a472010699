/** A colour as people see it: lightness 0…1, chroma 0…0.3, hue in degrees (OKLCH). */
export interface Colour {
  l: number
  c: number
  h: number
}

/** A colour between two others, by the shorter way around the hues. */
export function mixColours(a: Colour, b: Colour, t: number): Colour {
  const turn = ((b.h - a.h + 540) % 360) - 180
  return { l: a.l + (b.l - a.l) * t, c: a.c + (b.c - a.c) * t, h: a.h + turn * t }
}

/** The same hue, lighter or darker, and more or less vivid. */
export function shift(colour: Colour, lighter: number, vivid = 1): Colour {
  return {
    l: Math.max(0.03, Math.min(0.99, colour.l + lighter)),
    c: colour.c * vivid,
    h: colour.h,
  }
}

/** How unlike two colours look: their distance in OKLab. */
export function unlike(a: Colour, b: Colour): number {
  const hue = ((a.h - b.h) * Math.PI) / 360
  const tint = (a.c - b.c) ** 2 + 4 * a.c * b.c * Math.sin(hue) ** 2
  return Math.sqrt((a.l - b.l) ** 2 + tint)
}

/** As sRGB, 0…255 each; what a screen cannot show is clipped. */
export function toRgb({ l, c, h }: Colour): [number, number, number] {
  const a = c * Math.cos((h * Math.PI) / 180)
  const b = c * Math.sin((h * Math.PI) / 180)
  // OKLab, by Björn Ottosson.
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    encode(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    encode(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    encode(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ]
}

function encode(linear: number): number {
  const v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.max(0, Math.min(255, v * 255))
}

/** The colour that a screen shows for these, 0…255 each. */
export function fromRgb(red: number, green: number, blue: number): Colour {
  const r = decode(red / 255)
  const g = decode(green / 255)
  const b = decode(blue / 255)
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const greenRed = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short
  const blueYellow = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short
  return {
    l: 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    c: Math.hypot(greenRed, blueYellow),
    h: (Math.atan2(blueYellow, greenRed) * 180) / Math.PI,
  }
}

function decode(v: number): number {
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
}
