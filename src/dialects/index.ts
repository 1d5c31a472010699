import type { Dialect } from './dialect.ts'
import { oneCaptcha } from './one-captcha.ts'
import { recaptcha } from './recaptcha.ts'

/** Every dialect that siteverify speaks. */
export const dialects: readonly Dialect[] = [oneCaptcha, recaptcha]
