import { OneCaptcha } from 'one-captcha/react'

/** What is in each form here. Without settings, a service on this machine is asked, with the public test keys. */
export function Fields() {
  return (
    <>
      <label>
        Name <input name="who" required />
      </label>
      <OneCaptcha
        service={process.env.NEXT_PUBLIC_ONE_CAPTCHA_SERVICE ?? 'http://localhost:8080'}
        sitekey={process.env.NEXT_PUBLIC_ONE_CAPTCHA_SITEKEY ?? 'oc-test-pass'}
        action="join"
        required
      />
      <button type="submit">Join</button>
    </>
  )
}
