import type { OnFailure } from '../../core/policy.ts'
import type { Mode } from '../../core/site.ts'

/** What is to be copied into a site's code. */
export interface Snippet {
  id: string
  /** What it is for, such as `React`. */
  name: string
  /** Where it belongs. */
  lead: string
  code: string
}

interface Of {
  /** Where the service is. */
  origin: string
  sitekey: string
  mode: Mode
  onFailure: OnFailure
}

/** What goes into the pages. */
export function pageSnippets({ origin, sitekey, mode }: Of): Snippet[] {
  const size = mode === 'invisible' ? ' size="invisible"' : ''
  return [
    {
      id: 'html',
      name: 'HTML',
      lead: 'Inside the form. It then carries the token in the field one-captcha-response.',
      code: `<script src="${origin}/v1/widget.js" async></script>

<form method="post" action="/sign-up">
  <one-captcha sitekey="${sitekey}" action="signup"${size} required></one-captcha>
  <button>Sign up</button>
</form>`,
    },
    {
      id: 'react',
      name: 'React',
      lead: 'A component of yours, inside a form. The script is loaded once, however often it is shown.',
      code: `import { useEffect } from 'react'

const WIDGET = '${origin}/v1/widget.js'

export function OneCaptcha({ action }) {
  useEffect(() => {
    if (document.querySelector(\`script[src="\${WIDGET}"]\`)) return
    const script = document.createElement('script')
    script.src = WIDGET
    script.async = true
    document.head.append(script)
  }, [])
  return <one-captcha sitekey="${sitekey}" action={action}${size} required></one-captcha>
}`,
    },
  ]
}

/** Python's way to tell a service that is away from a call that is wrong, which must never pass. */
const UNAVAILABLE = `    except HTTPError as error:
        return error.code >= 500
`

/** What goes into the backend. The secret comes from its environment: it is in no file, and not shown here. */
export function backendSnippets({ origin, onFailure }: Of): Snippet[] {
  const open = onFailure === 'open'
  const yes = (word: string, no: string) => (open ? word : no)
  const why = open
    ? 'The service is away: this site lets everybody through then.'
    : 'The service is away: this site lets nobody through then.'
  return [
    {
      id: 'curl',
      name: 'curl',
      lead: 'To try it by hand, with a token from your page.',
      code: `curl ${origin}/v1/siteverify \\
  -d secret="$ONE_CAPTCHA_SECRET" \\
  -d response="$TOKEN"`,
    },
    {
      id: 'node',
      name: 'Node',
      lead: 'No dependency. Give it the field one-captcha-response.',
      code: `/** True if the visitor may pass. Each token is good once: ask last. */
export async function mayPass(token) {
  try {
    const response = await fetch('${origin}/v1/siteverify', {
      method: 'POST',
      body: new URLSearchParams({
        secret: process.env.ONE_CAPTCHA_SECRET,
        response: token ?? '',
        action: 'signup',
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    })
    if (response.status >= 500) throw new Error('unavailable')
    const finding = await response.json()
    return finding.success === true
  } catch {
    // ${why}
    return ${yes('true', 'false')}
  }
}`,
    },
    {
      id: 'php',
      name: 'PHP',
      lead: 'PHP 8, no extension needed.',
      code: `<?php
/** True if the visitor may pass. Each token is good once: ask last. */
function may_pass(string $token): bool
{
    $answer = @file_get_contents('${origin}/v1/siteverify', false, stream_context_create([
        'http' => [
            'method' => 'POST',
            'header' => 'Content-Type: application/x-www-form-urlencoded',
            'content' => http_build_query([
                'secret' => getenv('ONE_CAPTCHA_SECRET'),
                'response' => $token,
                'action' => 'signup',
            ]),
            'timeout' => 5,
            'follow_location' => 0,
            'ignore_errors' => true,
        ],
    ]));
    $finding = is_string($answer) ? json_decode($answer, true) : null;
    if (!is_array($finding) || in_array('internal-error', $finding['error-codes'] ?? [], true)) {
        // ${why}
        return ${yes('true', 'false')};
    }
    return ($finding['success'] ?? false) === true;
}

$passed = may_pass((string) ($_POST['one-captcha-response'] ?? ''));`,
    },
    {
      id: 'python',
      name: 'Python',
      lead: 'Python 3, standard library alone.',
      code: `import json
import os
${open ? 'from urllib.error import HTTPError\n' : ''}from urllib.parse import urlencode
from urllib.request import urlopen


def may_pass(token: str) -> bool:
    """True if the visitor may pass. Each token is good once: ask last."""
    question = urlencode({
        "secret": os.environ["ONE_CAPTCHA_SECRET"],
        "response": token,
        "action": "signup",
    }).encode()
    try:
        with urlopen("${origin}/v1/siteverify", question, timeout=5) as answer:
            return json.load(answer).get("success") is True
${open ? UNAVAILABLE : ''}    except (OSError, ValueError):
        # ${why}
        return ${yes('True', 'False')}`,
    },
    {
      id: 'go',
      name: 'Go',
      lead: 'Standard library alone.',
      code: `package captcha

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"time"
)

var client = &http.Client{Timeout: 5 * time.Second}

// MayPass is true if the visitor may pass. Each token is good once: ask last.
func MayPass(token string) bool {
	answer, err := client.PostForm("${origin}/v1/siteverify", url.Values{
		"secret":   {os.Getenv("ONE_CAPTCHA_SECRET")},
		"response": {token},
		"action":   {"signup"},
	})
	if err != nil {
		// ${why}
		return ${yes('true', 'false')}
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 500 {
		return ${yes('true', 'false')}
	}
	var finding struct {
		Success bool \`json:"success"\`
	}
	return json.NewDecoder(answer.Body).Decode(&finding) == nil && finding.Success
}`,
    },
  ]
}
