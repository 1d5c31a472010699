import { Icon, TICK } from './mark.tsx'
import { Page } from './page.tsx'

/** It is kept. The receipt is here and nowhere else. */
export function KeptPage({
  receipt,
  address,
  demo,
}: {
  receipt: string
  address: string
  demo: boolean
}) {
  return (
    <Page
      title="Thank you – One Captcha"
      description="Your feedback is kept."
      path="/feedback"
      demo={demo}
    >
      <div class="text">
        <h1 class="done" tabIndex={-1} autofocus>
          <Icon path={TICK} />
          Thank you
        </h1>
        <p class="lead">Your feedback is kept, and will be read.</p>
      </div>
      <section class="card text" aria-labelledby="receipt">
        <h2 id="receipt">Your receipt</h2>
        <p>
          With this code, and nothing else, you can read the answer, add something, or delete it
          all. It is shown this once: please keep it.
        </p>
        <form method="post" action="/feedback/receipt">
          <div class="field">
            <label for="code">Receipt code</label>
            <input
              id="code"
              name="code"
              class="code"
              value={receipt}
              readOnly
              spellcheck={false}
              autocomplete="off"
            />
          </div>
          <button type="submit" class="quiet" name="do" value="show">
            See what it leads to
          </button>
        </form>
        {address && (
          <p>
            The answer also goes to <bdi>{address}</bdi>.
          </p>
        )}
      </section>
    </Page>
  )
}
