/** The page of all examples: a form with the widget in it. */
export function page(service, sitekey) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Join</title>
<script src="${service}/v1/widget.js" async></script>
<form method="post" action="/join">
  <label>Name <input name="who" required></label>
  <one-captcha sitekey="${sitekey}" action="join" required></one-captcha>
  <button>Join</button>
</form>
</html>`
}

/** Where the service is, and who asks: from the environment, with the public test keys unless it says otherwise. */
export const {
  ONE_CAPTCHA_SERVICE: service = 'http://localhost:8080',
  ONE_CAPTCHA_SITEKEY: sitekey = 'oc-test-pass',
  ONE_CAPTCHA_SECRET: secret = 'oc-test-secret-pass',
  PORT: port = '3000',
} = process.env

export const html = page(service, sitekey)
/** What each example asks. Of a real site, name the `hostname` too. */
export const options = { service, secret, action: 'join' }

/** Tells where the example is. */
export function listening(address) {
  console.log(`http://localhost:${address.port}`)
}
