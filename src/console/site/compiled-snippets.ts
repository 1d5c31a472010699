import type { Snippet } from './snippets.ts'

interface Of {
  /** Where the service is. */
  origin: string
  /** A word if everybody gets through while the service is away, or another if nobody does. */
  yes(word: string, no: string): string
  /** A line with the page's host name in it, if one is expected. */
  host(line: string): string
  /** What is said where the service is away. */
  away: string
}

/** What goes into backends whose languages are compiled. */
export function compiledSnippets({ origin, yes, host, away }: Of): Snippet[] {
  return [
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

var client = &http.Client{
	Timeout: 5 * time.Second,
	// The secret is for the service alone.
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// MayPass is true if the visitor may pass. Each token is good once: ask last.
func MayPass(token string) bool {
	// The service takes no longer ones.
	if len(token) > 8192 {
		return false
	}
	answer, err := client.PostForm("${origin}/v1/siteverify", url.Values{
		"secret":   {os.Getenv("ONE_CAPTCHA_SECRET")},
		"response": {token},${host('\n\t\t"hostname": {"HOST"},')}
		"action":   {"signup"},
	})
	if err == nil {
		defer answer.Body.Close()
	}
	if err != nil || answer.StatusCode >= 500 {
		// ${away}
		return ${yes('true', 'false')}
	}
	var finding struct {
		Success bool \`json:"success"\`
	}
	return answer.StatusCode == 200 && json.NewDecoder(answer.Body).Decode(&finding) == nil && finding.Success
}`,
    },
    {
      id: 'java',
      name: 'Java',
      lead: 'Java 11 and later, standard library alone.',
      code: `import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public final class Captcha {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    /** In a text of JSON a quote is escaped, so nothing but the answer itself looks like this. */
    private static final Pattern SUCCESS = Pattern.compile("\\"success\\"\\\\s*:\\\\s*true");

    /** True if the visitor may pass. Each token is good once: ask last. */
    public static boolean mayPass(String token) throws InterruptedException {
        // The service takes no longer ones.
        if (token != null && token.length() > 8192) return false;
        Map<String, String> question = Map.of(
                "secret", System.getenv("ONE_CAPTCHA_SECRET"),
                "response", token == null ? "" : token,${host('\n                "hostname", "HOST",')}
                "action", "signup");
        String form = question.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(URI.create("${origin}/v1/siteverify"))
                .timeout(Duration.ofSeconds(5))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        try {
            HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            int status = answer.statusCode();
            if (status < 500) return status == 200 && SUCCESS.matcher(answer.body()).find();
        } catch (IOException away) {
            // As with a status of 500 and more.
        }
        // ${away}
        return ${yes('true', 'false')};
    }
}`,
    },
    {
      id: 'csharp',
      name: 'C#',
      lead: '.NET and Mono, no package needed.',
      code: `using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Threading.Tasks;

public static class Captcha
{
    // The secret is for the service alone: no redirect is followed.
    private static readonly HttpClient Client =
        new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };

    [DataContract]
    public sealed class Finding
    {
        [DataMember(Name = "success")]
        public bool Success { get; set; }
    }

    /// <summary>True if the visitor may pass. Each token is good once: ask last.</summary>
    public static async Task<bool> MayPassAsync(string token)
    {
        // The service takes no longer ones.
        if (token?.Length > 8192) return false;
        var question = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["secret"] = Environment.GetEnvironmentVariable("ONE_CAPTCHA_SECRET"),
            ["response"] = token,${host('\n            ["hostname"] = "HOST",')}
            ["action"] = "signup",
        });
        try
        {
            using (var answer = await Client.PostAsync("${origin}/v1/siteverify", question))
            using (var body = await answer.Content.ReadAsStreamAsync())
            {
                var status = (int)answer.StatusCode;
                if (status < 500)
                    return status == 200
                        && new DataContractJsonSerializer(typeof(Finding)).ReadObject(body) is Finding finding
                        && finding.Success;
            }
        }
        catch (SerializationException)
        {
            return false;
        }
        catch (Exception error) when (error is HttpRequestException || error is OperationCanceledException)
        {
            // As with a status of 500 and more.
        }
        // ${away}
        return ${yes('true', 'false')};
    }
}`,
    },
  ]
}
