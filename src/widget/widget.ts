import { adoptAll } from './adopt.ts'
import { publish } from './api.ts'
import { HINTS } from './base.ts'
import { OneCaptcha } from './element.ts'

// The page may have the script twice, or in two versions: the first one stays.
if (!customElements.get('one-captcha')) {
  customElements.define('one-captcha', OneCaptcha)
  if (!LITE) publish()
  if (HINTS.get('render') !== 'explicit') adoptAll()
}
