/** What the server asks, and whom. Of a real site, name the `hostname` too. */
export const options = {
  service: process.env.ONE_CAPTCHA_SERVICE ?? 'http://localhost:8080',
  secret: process.env.ONE_CAPTCHA_SECRET ?? 'oc-test-secret-pass',
  action: 'join',
}
