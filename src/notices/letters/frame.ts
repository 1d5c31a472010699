import { asMarkup } from '../../typed-text.ts'
import type { Letter, LetterPlace, Part } from '../notice.ts'

/** How somebody stops letters of a kind that they need not have. */
export interface WayOut {
  url: string
  /** What letters these are: `about maintenance`. */
  words: string
}

/** A letter as plain text. */
export function textOf({ parts }: Letter, place: LetterPlace, out: WayOut | null): string {
  const body = parts.map((part) => {
    if (typeof part === 'string') return part
    if ('list' in part) return part.list.map((line) => `- ${line}`).join('\n')
    return `${part.words}:\n${addressOf(part.path, place)}`
  })
  const end = [signatureOf(place), ...(out ? [`No more letters ${out.words}:\n${out.url}`] : [])]
  return `${['Hello,', ...body, ...end].join('\n\n')}\n`
}

/**
 * The same as a page: its text is escaped, and it loads nothing. Light or dark as the reader's program has it; who takes the
 * styles away still has paragraphs, links and lists.
 */
export function htmlOf(letter: Letter, place: LetterPlace, out: WayOut | null): string {
  const body = ['<p>Hello,</p>', ...letter.parts.map((part) => partOf(part, place))].join('\n')
  const leave = out
    ? `\n<p><a href="${asMarkup(out.url)}">No more letters ${asMarkup(out.words)}</a></p>`
    : ''
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${asMarkup(letter.subject)}</title>
<style>${STYLE}</style>
</head>
<body>
<div class="letter" role="main">
<h1>${asMarkup(letter.subject)}</h1>
${body}
<div class="end">
<p>${asMarkup(signatureOf(place))}<br><a href="${asMarkup(place.publicUrl)}">${asMarkup(place.publicUrl)}</a></p>${leave}
</div>
</div>
</body>
</html>
`
}

const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 24px 16px; background: #f6f6f4; color: #1d1f23; font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.letter { max-width: 560px; margin: 0 auto; padding: 24px 28px; background: #ffffff; border: 1px solid #deded9; border-radius: 12px; }
h1 { margin: 0 0 20px; font-size: 20px; line-height: 1.3; font-weight: 600; }
p, ul { margin: 0 0 16px; overflow-wrap: anywhere; }
ul { padding-left: 20px; }
a { color: #1b5e8c; }
.end { margin-top: 28px; padding-top: 16px; border-top: 1px solid #deded9; color: #55585f; font-size: 14px; }
.end p { margin: 0 0 8px; }
@media (prefers-color-scheme: dark) {
body { background: #15171a; color: #e6e7e9; }
.letter { background: #1d2024; border-color: #363a40; }
a { color: #8cc4ea; }
.end { border-color: #363a40; color: #a9adb4; }
}
`

function partOf(part: Part, place: LetterPlace): string {
  if (typeof part === 'string') return `<p>${asMarkup(part).replaceAll('\n', '<br>\n')}</p>`
  if ('list' in part) {
    return `<ul>\n${part.list.map((line) => `<li>${asMarkup(line)}</li>`).join('\n')}\n</ul>`
  }
  return `<p><a href="${asMarkup(addressOf(part.path, place))}">${asMarkup(part.words)}</a></p>`
}

/** Where a link leads: a path of the service, or a whole address of https. Anything else leads to the service. */
function addressOf(path: string, { publicUrl }: LetterPlace): string {
  if (/^https:\/\//.test(path) && URL.canParse(path)) return path
  return path.startsWith('/') && !path.startsWith('//') ? publicUrl + path : publicUrl
}

function signatureOf({ host, operator }: LetterPlace): string {
  return operator === '' ? `One Captcha at ${host}` : `${operator}: One Captcha at ${host}`
}
