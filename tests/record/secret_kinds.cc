#include "tests/record/secret_kinds.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/text.h"

namespace quotawatch::testing_support {
namespace {

std::string alphabet_of(char kind) {
  const std::string digits = "0123456789";
  const std::string lower = "abcdefghijklmnopqrstuvwxyz";
  const std::string upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  switch (kind) {
    case 'd':
      return digits;
    case 'h':
      return digits + "abcdef";
    case 'l':
      return lower + digits;
    case 'u':
      return upper + digits;
    case 'n':
      return lower;
    case 'w':
      return upper + lower + digits + "-_";
    case 'b':
      return upper + lower + digits + "+/";
    case 'p':
      return upper + lower + digits + digits + "!#%+=?^_.~*";
    default:
      return upper + lower + digits;
  }
}

char draw(const std::string& alphabet, std::mt19937& random) { return alphabet[random() % alphabet.size()]; }

std::size_t between(std::size_t least, std::size_t most, std::mt19937& random) {
  return least + random() % (most - least + 1);
}

// Adds rows to a screen.
class Painter {
 public:
  void put(std::string_view text) {
    for (const char c : text) put(c, false);
  }
  void put(char c, bool secret) {
    screen_.text += c;
    screen_.secret.push_back(secret);
  }
  void put(const SecretLine& line, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) put(line.text[i], line.secret[i]);
  }
  SecretScreen take(int columns) {
    screen_.columns = columns;
    return std::move(screen_);
  }

 private:
  SecretScreen screen_;
};

struct Wrapping {
  std::size_t width = 0;
  std::string first = {};  // before the first row
  std::string others = {};
  std::string last = {};  // after each
  bool padded = false;
};

void wrap(Painter& painter, const SecretLine& line, const Wrapping& how) {
  for (std::size_t begin = 0, end = 0; begin < line.text.size(); begin = end) {
    end = std::min(begin + how.width, line.text.size());
    while (end < line.text.size() && (static_cast<unsigned char>(line.text[end]) & 0xc0U) == 0x80U) ++end;
    painter.put(begin == 0 ? how.first : how.others);
    std::size_t shown = end;
    // A terminal's rows have no blanks at their ends.
    while (!how.padded && shown > begin && line.text[shown - 1] == ' ') --shown;
    painter.put(line, begin, shown);
    if (how.padded && end - begin < how.width) painter.put(std::string(how.width - (end - begin), ' '));
    painter.put(how.last + "\n");
  }
}

}  // namespace

SecretLine draw_secret(std::string_view kind, std::mt19937& random) {
  constexpr std::string_view open = "«";
  constexpr std::string_view close = "»";
  SecretLine line;
  bool secret = false;
  while (!kind.empty()) {
    if (kind.starts_with(open) || kind.starts_with(close)) {
      secret = kind.starts_with(open);
      kind.remove_prefix(open.size());
    } else if (kind.size() > 3 && kind.front() == '{' && is_digit(kind[2])) {
      int count = 0;
      const auto* end = std::from_chars(kind.data() + 2, kind.data() + kind.size(), count).ptr;
      const std::string alphabet = alphabet_of(kind[1]);
      for (int i = 0; i < count; ++i) {
        line.text += draw(alphabet, random);
        line.secret.push_back(secret);
      }
      kind.remove_prefix(static_cast<std::size_t>(end - kind.data()) + 1);
    } else {
      line.text += kind.front();
      line.secret.push_back(secret);
      kind.remove_prefix(1);
    }
  }
  return line;
}

SecretScreen lay_out(const SecretLine& line, SecretLayout layout, std::mt19937& random) {
  Painter painter;
  painter.put("● Bash(cat notes)\n\n");
  int columns = 100;
  switch (layout) {
    case SecretLayout::wide:
    case SecretLayout::usual:
    case SecretLayout::narrow:
      columns = layout == SecretLayout::wide ? 300 : layout == SecretLayout::usual ? 100 : 60;
      wrap(painter, line, {static_cast<std::size_t>(columns)});
      break;
    case SecretLayout::gutter:
      wrap(painter, line, {between(30, 70, random), "   12 │ ", "      │ "});
      break;
    case SecretLayout::hard_wrapped: {
      // Over two or three rows, in a pane that is wider.
      const std::size_t rows = between(2, 3, random);
      wrap(painter, line, {(line.text.size() + rows - 1) / rows, "  ", "  "});
      break;
    }
    case SecretLayout::boxed: {
      const std::size_t width = between(30, 70, random);
      std::string rule;
      for (std::size_t i = 0; i < width + 2; ++i) rule += "─";
      painter.put("╭" + rule + "╮\n");
      wrap(painter, line, {width, "│ ", "│ ", " │", true});
      painter.put("╰" + rule + "╯\n");
      break;
    }
  }
  painter.put("\n● Done.\n");
  return painter.take(columns);
}

std::string longest_leak(const SecretScreen& screen, std::string_view redacted) {
  std::string longest;
  if (redacted.size() != screen.text.size()) return "the screen has another size";
  std::string run;
  for (std::size_t i = 0; i < screen.text.size(); ++i) {
    const char c = screen.text[i];
    const bool alphanumeric = is_digit(c) || is_lower(c) || is_upper(c);
    if (screen.secret[i] && redacted[i] == c && c != '\n') {
      if (alphanumeric || !run.empty()) run += c;
    } else {
      run.clear();
    }
    const auto size = [](const std::string& text) {
      return std::ranges::count_if(text, [](char x) { return is_digit(x) || is_lower(x) || is_upper(x); });
    };
    if (size(run) > size(longest)) longest = run;
  }
  return longest;
}

const std::vector<std::string>& secret_kinds() {
  static const std::vector<std::string> kinds{
      // Services.
      "ANTHROPIC_API_KEY=sk-ant-api03-«{w93}»",
      "key sk-proj-«{w48}» of openai",
      "sk-«{a48}»",
      "sk-or-v1-«{h64}»",
      "token ghp_«{a36}»",
      "gho_«{a36}»",
      "github_pat_«{a22}_{a59}»",
      "glpat-«{w20}»",
      "aws_access_key_id = AKIA«{u16}»",
      "aws_secret_access_key = «{b40}»",
      "aws_session_token = «{b120}»",
      "AIza«{w35}»",
      "access ya29.«{w60}»",
      "GOCSPX-«{w28}»",
      "sk_live_«{a24}»",
      "rk_test_«{a24}»",
      "whsec_«{a32}»",
      "//registry.npmjs.org/:_authToken=npm_«{a36}»",
      "pypi-«AgEIcHlwaS5vcmc{w60}»",
      "hf_«{a34}»",
      "slack xoxb-«{d11}-{d12}-{a24}»",
      "xapp-«1-A{u10}-{d12}-{h40}»",
      "https://hooks.slack.com/services/«T{u8}/B{u10}/{a24}»",
      "https://discord.com/api/webhooks/«{d18}/{w68}»",
      "https://acme.webhook.office.com/webhookb2/«{h8}-{h4}-{h4}/IncomingWebhook/{h32}»",
      "https://example.com/webhooks/«{a24}»",
      "«M{a23}.{w6}.{w27}»",
      "telegram «{d9}:AA{w33}»",
      "docker login -u acme -p dckr_pat_«{w27}»",
      "dckr_pat_«{w27}»",
      "AGE-SECRET-KEY-1«{u58}»",
      "SG.«{w22}.{w43}»",
      "key-«{h32}»",
      "«{h32}»-us12",
      "AC{h6} auth_token: «{h32}»",
      "dop_v1_«{h64}»",
      "hvs.«{w90}»",
      "dp.pt.«{a43}»",
      "dapi«{h32}»",
      "lin_api_«{a40}»",
      "ntn_«{a46}»",
      "figd_«{w40}»",
      "shpat_«{h32}»",
      "NRAK-«{u27}»",
      "glsa_«{a32}_{h8}»",
      "sntrys_«{b60}»",
      "ATATT3«{w60}»",
      "gsk_«{a52}»",
      "xai-«{a80}»",
      "pplx-«{a48}»",
      "r8_«{a37}»",
      "lsv2_pt_«{h32}_{h10}»",
      "pcsk_«{a6}_{a60}»",
      "tskey-auth-«{a12}-{a32}»",
      "PMAK-«{h24}-{h34}»",
      "xkeysib-«{h64}-{a16}»",
      "«{a14}.atlasv1.{w60}»",
      "GITLAB_RUNNER=glrt-«{w20}»",
      "client secret «{a3}8Q~{w34}»",
      "eyJ«{w30}.eyJ{w60}.{w43}»",
      // In addresses.
      "postgres://app:«{a16}»@db.example.org:5432/app",
      "redis://:«{a20}»@cache.example.org:6379/0",
      "https://«{h32}»@o1.ingest.sentry.io/42",
      "https://acme.blob.core.windows.net/c/b?sv=2022-11-02&sp=r&sig=«{b43}%3D»",
      "https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA«{u16}»%2F20261130&X-Amz-Signature=«{h64}»",
      "https://example.org/cb?access_token=«{w40}»&state=x",
      "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=«{b86}==»;EndpointSuffix=core.windows.net",
      // Headers and commands.
      "Authorization: Basic «{b28}==»",
      "Authorization: Bearer «{w40}»",
      "curl -H 'X-Api-Key: «{a32}»' https://api.example.org",
      "Cookie: sessionid=«{l32}»; csrftoken=«{a32}»",
      "curl -u admin:«{p14}» https://api.example.org/v1",
      "curl --user 'deploy:«{p14}»' -X POST https://api.example.org/v1",
      "mysql -h db -u app -p«{p14}» shop",
      "deploy --user app --password «{p14}» --force",
      "tool login --token=«{a20}»",
      "sshpass -p «{p12}» ssh app",
      "redis-cli -h cache -a «{p16}» ping",
      "ldapsearch -x -D cn=admin -w «{p14}» -b dc=example",
      "echo «{p14}» | docker login -u acme --password-stdin",
      "openssl pkcs12 -in a.p12 -passin pass:«{p14}» -nodes",
      "machine api.example.org login deploy password «{a16}»",
      "db.example.org:5432:shop:app:«{p16}»",
      // Named values.
      "password=«{p12}»",
      "DB_PASSWORD: '«{a8} {a8}»'",
      "SECRET_KEY = \"«{a10} {a12}»\"",
      "{\"api_key\": \"«{a24}»\", \"n\": 1}",
      "export MY_TOKEN=«{n12}»",
      "Passwort: «{a10}»",
      "contraseña: «{a12}»",
      "PGPASSWORD=«{p16}» psql",
      "smtp_pass_secret: «{p16}»",
      "PrivateKey = «{b43}=»",
      "admin:$2b$12$«{b53}»",
      "«{h64}» deploy key",
      "verification code: «{d6}»",
      "license «{u5}-{u5}-{u5}-{u5}-{u5}»",
      // People and machines.
      "mail «{n8}.{n6}@{n8}.org»",
      "cd /home/«{n9}»/src",
      "Author: «J{n6} Q. P{n7}» <a@b.org>",
      "drwxr-xr-x 2 «{n8}» «{n9}» 4096 Nov 30 10:00 src",
      "$ ssh «{n7}.{n8}.example.org» uptime",
      "$ ssh -i key.pem «deploy@{n9}»",
      "$ ssh «{n9}»",
      "from 10.«{d2}.{d2}.{d2}»",
      "2001:db8:«{h4}:{h4}:{h4}:{h4}»",
  };
  return kinds;
}

}  // namespace quotawatch::testing_support
