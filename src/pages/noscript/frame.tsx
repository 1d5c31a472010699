import type { ComponentChildren } from 'preact'
import { ROUNDS, SHOWN } from '../../core/noscript.ts'
import type { Theme } from '../../core/policy.ts'
import type { Picture } from '../../painting/painter.ts'
import { favicon } from '../assets.ts'
import { Icon, Mark, TICK } from '../mark.tsx'
import { delayed, PICTURE, STYLES } from './styles.ts'
import { fill, momentIn, type Said, spanIn } from './words.ts'

/** What every page of the frame depends on. */
export interface Look {
  say: Said
  theme: Theme
  /** Whether it is a public test key's. */
  test: boolean
}

interface FrameProps {
  look: Look
  /** What this page says first: its title, which is read when the page comes, as no status is that was there from the beginning. */
  title: string
  children: ComponentChildren
}

/** What all pages of the frame have around them. No script, no cookie, nothing from elsewhere. */
function Frame({ look: { say, theme, test }, title, children }: FrameProps) {
  const { widget } = say
  return (
    <html lang={say.language} dir={say.direction}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · One Captcha`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="stylesheet" href={STYLES[theme].path} />
        <link rel="icon" href={favicon.path} type="image/svg+xml" />
      </head>
      <body>
        <main>
          <div class="head">
            <h1>
              <Mark />
              <bdi lang="en">One Captcha</bdi>
            </h1>
            {test && <span class="test">{widget.test}</span>}
          </div>
          {children}
          <div class="foot">
            <a href="/privacy" target="_blank" rel="noopener">
              {widget.privacy}
            </a>
            <a href="/terms" target="_blank" rel="noopener">
              {widget.terms}
            </a>
          </div>
        </main>
      </body>
    </html>
  )
}

interface StepProps {
  look: Look
  /** The sealed step. */
  step: string
  /** What is to be said about what was done before. */
  note?: string
}

/** The beginning: a picture, or a wait. Nothing is painted before somebody asks for it. */
export function StartPage({ look, step, note }: StepProps) {
  const { slider, widget } = look.say
  return (
    <Frame look={look} title={titleOf(note, widget.label)}>
      <Note text={note} />
      <p>{fill(slider.picture, widget.instead)}</p>
      <Sent step={step}>
        <div class="row">
          <Do what="picture" words={widget.label} />
          <Do what="wait" words={widget.instead} quiet />
        </div>
      </Sent>
    </Frame>
  )
}

/** A picture to press, and the piece that belongs into it. */
export function PicturePage({
  look,
  step,
  note,
  picture,
  nth,
}: StepProps & { picture: Picture; nth: number }) {
  const { frame, slider, widget } = look.say
  const place = fill(frame.step, nth, ROUNDS)
  return (
    <Frame look={look} title={titleOf(note, `${frame.task} · ${place}`)}>
      <Note text={note} />
      <div class="task">
        <img
          src={dataOf(picture.piece)}
          width={Math.round(picture.pieceWidth * SHOWN)}
          height={Math.round(picture.pieceHeight * SHOWN)}
          alt=""
        />
        <div>
          <h2>{frame.task}</h2>
          <p class="hint">{place}</p>
        </div>
      </div>
      <Sent step={step}>
        <input
          type="image"
          name="at"
          src={dataOf(picture.scene)}
          width={PICTURE.width}
          height={PICTURE.height}
          alt={fill(slider.picture, widget.instead)}
        />
        <p class="hint">{slider.hint}</p>
        <div class="row">
          <Do what="picture" words={widget.another} quiet />
          <Do what="wait" words={widget.instead} quiet />
        </div>
      </Sent>
    </Frame>
  )
}

/** A wait in place of a picture. To go on too early costs nothing: the page comes again. */
export function WaitPage({ look, step, restMs }: StepProps & { restMs: number }) {
  const { frame, widget, language } = look.say
  const wait = fill(frame.wait, spanIn(language, restMs))
  return (
    <Frame look={look} title={wait}>
      <h2>{widget.patienceTask}</h2>
      <p>{wait}</p>
      <Sent step={step}>
        <p role="status">
          <span class={`ready ${delayed(restMs)}`}>{frame.ready}</span>
        </p>
        <Do what="go" words={frame.go} />
      </Sent>
    </Frame>
  )
}

/**
 * The end: a token to copy, or a button that brings it to the site's own page.
 *
 * @param returnTo where that is; '' if it is to be copied
 */
export function TokenPage({
  look,
  token,
  returnTo,
  lifeMs,
}: {
  look: Look
  token: string
  returnTo: string
  lifeMs: number
}) {
  const { frame, widget, language } = look.say
  const life = <p class="hint">{fill(frame.life, spanIn(language, lifeMs))}</p>
  return (
    <Frame look={look} title={widget.success}>
      <p class="note done">
        <Icon path={TICK} />
        {widget.success}
      </p>
      {returnTo === '' ? (
        <>
          <label for="token">{frame.copy}</label>
          <input
            id="token"
            value={token}
            readOnly
            dir="ltr"
            autocomplete="off"
            spellcheck={false}
          />
          {life}
        </>
      ) : (
        <form method="post" action={returnTo}>
          <input type="hidden" name="one-captcha-response" value={token} />
          {life}
          <button type="submit">{frame.go}</button>
        </form>
      )}
    </Frame>
  )
}

/** Not now: with a step that is still good, or without one. */
export function LaterPage({
  look,
  step,
  until,
}: Partial<StepProps> & { look: Look; until?: number }) {
  const { frame, widget, language } = look.say
  const text = until ? fill(widget.maintenance, momentIn(language, until)) : widget.busy
  return (
    <Frame look={look} title={text}>
      <Note text={text} />
      {step && (
        <Sent step={step}>
          <Do what="go" words={frame.go} />
        </Sent>
      )}
    </Frame>
  )
}

/** What was sent is no longer good; or never was, and then there is nothing to begin with. */
export function OverPage({ look, step }: { look: Look; step: string | null }) {
  const { frame } = look.say
  return (
    <Frame look={look} title={frame.over}>
      <Note text={frame.over} />
      {step && (
        <Sent step={step}>
          <Do what="start" words={frame.again} />
        </Sent>
      )}
    </Frame>
  )
}

/** The page around it is not set up for it. Whoever made that page is told why. */
export function RefusedPage({ look, why }: { look: Look; why: string }) {
  return (
    <Frame look={look} title={look.say.widget.refused}>
      <Note text={look.say.widget.refused} />
      <p class="why" lang="en" dir="ltr">
        {why}
      </p>
    </Frame>
  )
}

/** What is to be said of what was done before comes first. */
function titleOf(note: string | undefined, task: string): string {
  return note ? `${note} ${task}` : task
}

function Note({ text }: { text: string | undefined }) {
  return text ? <p class="note">{text}</p> : null
}

/** A form that goes on from a step. */
function Sent({ step, children }: { step: string; children: ComponentChildren }) {
  return (
    <form method="post" action="/v1/noscript">
      <input type="hidden" name="step" value={step} />
      {children}
    </form>
  )
}

function Do({ what, words, quiet }: { what: string; words: string; quiet?: boolean }) {
  return (
    <button type="submit" name="do" value={what} class={quiet ? 'quiet' : undefined}>
      {words}
    </button>
  )
}

function dataOf(webp: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = webp
  return `data:image/webp;base64,${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`
}
