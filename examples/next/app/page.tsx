import { OneCaptcha } from 'one-captcha/react'

export default function Page() {
  return (
    <form method="post" action="/join">
      <label>
        Name <input name="who" required />
      </label>
      <OneCaptcha
        service={process.env.NEXT_PUBLIC_ONE_CAPTCHA_SERVICE}
        sitekey={process.env.NEXT_PUBLIC_ONE_CAPTCHA_SITEKEY}
        action="join"
        required
      />
      <button type="submit">Join</button>
    </form>
  )
}
