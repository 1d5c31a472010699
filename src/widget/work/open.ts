import type { OnProgress } from '../../pow/algorithm.ts'
import { own } from '../dom.ts'
import { hostHere } from './host.ts'
import type { Job, Reply } from './job.ts'

/** Silence for this long means that nobody is there. */
const SILENT_S_MAX = 4
/** Workers that nobody needs are kept for this long: a puzzle brings more work. */
const IDLE_MS = 60_000

/** What is to be done with a challenge. */
export type WorkPrompt = Omit<Job, 'challenge'>

/** Gets work done off the page's thread. */
export interface OpenWork {
  /** Gets ready, while the challenge is still on its way. */
  warm(): void
  /**
   * Finds the proof, as base64url. Rejects with the signal's reason, or if no proof can be found in this browser.
   * Each call that runs at the same time has a worker of its own.
   *
   * @param onProgress called now and then; the share never goes back
   */
  solve(
    challenge: string,
    prompt: WorkPrompt,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<string>
  /** Lets go of the worker that waits for more. */
  close(): void
}

/**
 * Gets work done by a worker in a frame of the service's origin, as no page can start another origin's worker. On the page
 * itself, in slices, only if it is kept from that.
 *
 * The page listens to its end of a channel, and to no window's messages: no other frame can speak in between.
 *
 * @param parts the address of the folder that the frame, the worker and the solver are in, with a slash at the end
 */
export function openWork(parts: string): OpenWork {
  // A sandboxed page makes its frames nobody's origin too, and nobody's origin starts no worker.
  const first = origin === 'null' ? here : away
  let open = first
  let idle: Line | null = null
  let clock = 0

  function take(): Line {
    const line = idle ?? open(parts)
    idle = null
    return line
  }

  function keep(line: Line): void {
    close()
    idle = line
    clearTimeout(clock)
    clock = window.setTimeout(close, IDLE_MS)
  }

  function close(): void {
    idle?.end()
    idle = null
  }

  return {
    close,

    warm() {
      if (!idle) keep(open(parts))
    },

    async solve(challenge, prompt, onProgress, signal) {
      let most = 0
      const report: OnProgress = (share, restMs) => {
        most = Math.max(most, share)
        onProgress(most, restMs)
      }
      for (;;) {
        signal.throwIfAborted()
        const last = open === here
        const line = take()
        try {
          const proof = await ask(line, { ...prompt, challenge }, report, signal, last)
          keep(line)
          return proof
        } catch (error) {
          line.end()
          if (signal.aborted) throw error
          // Who can do it nowhere may have lost the network for a moment: the next time all begins anew.
          open = last ? first : here
          if (last) throw error
        }
      }
    },
  }
}

/** A channel to whoever does the work. */
interface Line {
  port: MessagePort
  end(): void
}

/** Opens a line to a worker. */
function away(parts: string): Line {
  const { port1: port, port2 } = new MessageChannel()
  const frame = document.createElement('iframe')
  frame.title = 'One Captcha'
  frame.ariaHidden = 'true'
  frame.tabIndex = -1
  frame.referrerPolicy = 'no-referrer'
  frame.style.setProperty('display', 'none', 'important')
  frame.src = `${parts}frame.html`
  frame.onload = () => {
    frame.onload = null
    frame.contentWindow!.postMessage(0, new URL(parts).origin, [port2])
  }
  // The page's policy may keep our frame from it. Then there is no need to wait for silence.
  const blocked = ({ disposition, blockedURI }: SecurityPolicyViolationEvent) => {
    if (disposition !== 'enforce' || !frame.src.startsWith(blockedURI)) return
    frame.onload = null
    port2.postMessage(null)
  }
  document.addEventListener('securitypolicyviolation', blocked)
  own('documentElement').append(frame)
  return {
    port,
    end() {
      document.removeEventListener('securitypolicyviolation', blocked)
      frame.remove()
    },
  }
}

/** Opens a line to this very thread. */
function here(parts: string): Line {
  const { port1: port, port2 } = new MessageChannel()
  hostHere(port2, parts)
  return { port, end: () => port.postMessage(null) }
}

/** @param patient for as long as it takes, however silent it is */
function ask(
  { port }: Line,
  job: Job,
  onProgress: OnProgress,
  signal: AbortSignal,
  patient: boolean,
): Promise<string> {
  let silentS = 0
  let clock: ReturnType<typeof setInterval>
  let stop: () => void
  // A page that nobody sees can wait.
  const pause = () => port.postMessage(own('hidden'))
  document.addEventListener('visibilitychange', pause)
  return new Promise<string>((resolve, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
    port.onmessage = ({ data }: MessageEvent<Reply>) => {
      silentS = 0
      if (Array.isArray(data)) onProgress(...data)
      else if (data) resolve(data)
      else reject(new Error('The work could not be done here.'))
    }
    // Ticks are counted, not time: when a frozen page goes on, the messages that wait come before the next tick.
    clock = setInterval(() => {
      if (!own('hidden') && ++silentS > SILENT_S_MAX && !patient)
        reject(new Error('Nobody answers.'))
    }, 1000)
    pause()
    port.postMessage(job)
  }).finally(() => {
    document.removeEventListener('visibilitychange', pause)
    clearInterval(clock)
    signal.removeEventListener('abort', stop)
  })
}
