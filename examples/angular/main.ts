import { Component, provideZonelessChangeDetection, signal } from '@angular/core'
import { FormControl, ReactiveFormsModule, Validators } from '@angular/forms'
import { bootstrapApplication } from '@angular/platform-browser'
import { OneCaptcha } from 'one-captcha/angular'

@Component({
  selector: '#root',
  imports: [OneCaptcha, ReactiveFormsModule],
  template: `<form method="post" action="/join" ngNoForm>
    <ng-one-captcha
      #box
      [service]="service"
      [sitekey]="sitekey"
      action="join"
      [theme]="theme()"
      [formControl]="captcha"
      (verified)="token.set($event)"
      (expired)="token.set('')"
    />
    <output>{{ token() }}</output>
    <button type="button" (click)="theme.set('dark')">Dark</button>
    <button type="button" (click)="box.execute()">Verify</button>
    <button [disabled]="captcha.invalid">Join</button>
  </form>`,
})
class Join {
  readonly service = root.dataset.service
  readonly sitekey = root.dataset.sitekey
  readonly captcha = new FormControl('', Validators.required)
  readonly token = signal('')
  readonly theme = signal<'light' | 'dark'>('light')
}

const root = document.getElementById('root')!
bootstrapApplication(Join, { providers: [provideZonelessChangeDetection()] })
