import {
  afterNextRender,
  booleanAttribute,
  ChangeDetectionStrategy,
  Component,
  CUSTOM_ELEMENTS_SCHEMA,
  DestroyRef,
  type ElementRef,
  effect,
  forwardRef,
  Injector,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core'
import { type ControlValueAccessor, NG_VALUE_ACCESSOR } from '@angular/forms'
import { bring, listen, type OneCaptchaElement, type OneCaptchaProps } from '../src/element.ts'

export type { OneCaptchaElement } from '../src/element.ts'

/**
 * `<one-captcha>` as a component of Angular, and as a control of its forms, whose value is the token:
 * `<ng-one-captcha service="…" sitekey="…" formControlName="captcha" (verified)="…" />`.
 */
@Component({
  selector: 'ng-one-captcha',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  changeDetection: ChangeDetectionStrategy.OnPush,
  providers: [
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => OneCaptcha), multi: true },
  ],
  template: `<one-captcha
    #captcha
    [attr.sitekey]="sitekey()"
    [attr.action]="action()"
    [attr.cdata]="cdata()"
    [attr.kind]="kind()"
    [attr.time]="time()"
    [attr.theme]="theme()"
    [attr.size]="size()"
    [attr.appearance]="appearance()"
    [attr.panel]="panel()"
    [attr.lang]="lang()"
    [attr.start]="start()"
    [attr.renew]="renew()"
    [attr.guard]="guard()"
    [attr.name]="name()"
    [attr.terms]="terms()"
    [attr.privacy]="privacy()"
    [attr.required]="required() ? '' : null"
    [attr.disabled]="disabled() ? '' : null"
  ></one-captcha>`,
})
export class OneCaptcha implements ControlValueAccessor {
  readonly service = input<OneCaptchaProps['service']>()
  readonly nonce = input<OneCaptchaProps['nonce']>()
  readonly sitekey = input<OneCaptchaProps['sitekey']>()
  readonly action = input<OneCaptchaProps['action']>()
  readonly cdata = input<OneCaptchaProps['cdata']>()
  readonly kind = input<OneCaptchaProps['kind']>()
  readonly time = input<OneCaptchaProps['time']>()
  readonly theme = input<OneCaptchaProps['theme']>()
  readonly size = input<OneCaptchaProps['size']>()
  readonly appearance = input<OneCaptchaProps['appearance']>()
  readonly panel = input<OneCaptchaProps['panel']>()
  readonly lang = input<OneCaptchaProps['lang']>()
  readonly start = input<OneCaptchaProps['start']>()
  readonly renew = input<OneCaptchaProps['renew']>()
  readonly guard = input<OneCaptchaProps['guard']>()
  readonly name = input<OneCaptchaProps['name']>()
  readonly terms = input<OneCaptchaProps['terms']>()
  readonly privacy = input<OneCaptchaProps['privacy']>()
  readonly required = input(false, { transform: booleanAttribute })

  readonly ready = output<void>()
  readonly open = output<void>()
  readonly close = output<void>()
  /** The token. */
  readonly verified = output<string>()
  readonly expired = output<void>()
  /** The error's code. */
  readonly error = output<string>()
  readonly recovered = output<void>()

  protected readonly captcha = viewChild<ElementRef<OneCaptchaElement>>('captcha')
  protected readonly disabled = signal(false)
  private tell = (_token: string) => {}
  private touch = () => {}

  constructor() {
    const injector = inject(Injector)
    const life = new AbortController()
    inject(DestroyRef).onDestroy(() => life.abort())
    // Not on a server. Listens before the script is asked for, so that nothing is missed.
    afterNextRender(() => {
      const stop = listen(this.captcha()!.nativeElement, () => this.callbacks())
      life.signal.addEventListener('abort', stop)
      const onError = (code: string) => life.signal.aborted || this.error.emit(code)
      effect(() => bring({ service: this.service(), nonce: this.nonce(), onError }), { injector })
    })
  }

  /** Does what a tick does, and gives the token; as the element's. */
  execute(...values: Parameters<OneCaptchaElement['execute']>): Promise<string> {
    return this.captcha()!.nativeElement.execute(...values)
  }

  /** Forgets the token, and whatever goes on. */
  reset(): void {
    // Before the script has come, and on a server, there is nothing to forget.
    this.captcha()?.nativeElement.reset?.()
  }

  /** The token while it is good; otherwise ''. */
  getResponse(): string {
    return this.captcha()?.nativeElement.getResponse?.() ?? ''
  }

  /** A form can take the token away, and give none. */
  writeValue(value: unknown): void {
    if (!value) this.reset()
  }

  registerOnChange(tell: (token: string) => void): void {
    this.tell = tell
  }

  registerOnTouched(touch: () => void): void {
    this.touch = touch
  }

  setDisabledState(disabled: boolean): void {
    this.disabled.set(disabled)
  }

  private callbacks() {
    return {
      onReady: () => this.ready.emit(),
      onOpen: () => this.open.emit(),
      onClose: () => this.close.emit(),
      onVerified: (token: string) => {
        this.tell(token)
        this.touch()
        this.verified.emit(token)
      },
      onExpired: () => {
        this.tell('')
        this.expired.emit()
      },
      onError: (code: string) => this.error.emit(code),
      onRecovered: () => this.recovered.emit(),
    }
  }
}
