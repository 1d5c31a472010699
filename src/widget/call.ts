import type { adopt as put } from './adopt.ts'

/** A widget that is there for one call alone: nobody sees it, and a puzzle stands in the middle of the window. */
const UNSEEN: Record<string, unknown> = {
  ...{ size: 'invisible', panel: 'overlay', start: 'click', renew: 'never', name: '' },
  // What is said by calling back is said by the promise.
  ...{ appearance: undefined, required: undefined, mode: undefined },
}

/**
 * Gets a token without any element of the page. Calls that are made at once each get their own. Rejects with a code as an
 * element's `execute()` does, and leaves nothing behind.
 *
 * @param adopt puts a widget into the page
 * @param options `sitekey`, `action`, `cdata`, and whatever else of the attributes makes sense for one call
 */
export async function executeAlone(
  adopt: typeof put,
  options: Record<string, unknown>,
): Promise<string> {
  const { action, cdata, ...more } = options
  const widget = adopt(document.body, (name) =>
    Object.hasOwn(UNSEEN, name) ? UNSEEN[name] : more[name],
  )
  try {
    return await widget.execute({ action, cdata } as never)
  } finally {
    widget.remove()
  }
}
