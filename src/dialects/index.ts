import type { Dialect } from './dialect.ts'
import { hcaptcha } from './hcaptcha.ts'
import { oneCaptcha } from './one-captcha.ts'
import { recaptcha } from './recaptcha.ts'
import { turnstile } from './turnstile.ts'

/** Every dialect that siteverify speaks. */
export const dialects: readonly Dialect[] = [oneCaptcha, recaptcha, hcaptcha, turnstile]
