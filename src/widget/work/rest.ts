let pause = Promise.resolve()
let goOn = () => {}

/** Lets the thread do what else is waiting. By a message, because timers are slowed in frames that nobody sees. */
export async function rest(): Promise<void> {
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve(0)
    }
    port2.postMessage(0)
  })
  await pause
}

/** Whoever rests rests on, until it is taken back. */
export function setPaused(paused: boolean): void {
  goOn()
  pause = new Promise((resolve) => {
    if (paused) goOn = resolve
    else resolve()
  })
}
