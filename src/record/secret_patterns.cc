#include "record/secret_patterns.h"

#include <utility>

#include "record/secret_checks.h"

namespace quotawatch {
namespace {

// In quotes, with blanks, or one word; four groups.
const std::string value = R"re((?:"((?:[^"\\\n]|\\.)+)"|'([^'\n]+)'|`([^`\n]+)`|["'`]?([^\s"'`]+)))re";
// Between a name and its value, also in code.
const std::string is = R"re(["'\]]{0,2}\s*(?:=>|:=|=|:)\s*)re";

const std::string words_for_password =
    "password|passwd|passphrase|passcode|pwd|passwort|kennwort|mot de passe|contrase(?:ñ|n)a|senha|wachtwoord|"
    "has(?:ł|l)o|l(?:ö|o)senord|salasana|parola|jelsz(?:ó|o)|heslo|passord|adgangskode|(?:ş|s)ifre|parool|пароль|"
    "密码|密碼|パスワード|비밀번호";

class Table {
 public:
  void add(SecretKind kind, const std::string& text, SecretCheck check = any) { put(kind, text, check, false); }
  void secret(const std::string& text, SecretCheck check = any) { put(SecretKind::secret, text, check, false); }
  void rows(const std::string& text) { put(SecretKind::secret, text, any, true); }

  SecretPatterns take() { return std::move(patterns_); }

 private:
  void put(SecretKind kind, const std::string& text, SecretCheck check, bool of_rows) {
    patterns_.push_back(std::make_unique<const SecretPattern>(kind, text, check, of_rows));
  }

  SecretPatterns patterns_;
};

void add_private_keys(Table& table) {
  const std::string begin = "-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----";
  const std::string end = R"(\s*-----END [A-Z ]*PRIVATE KEY)";
  table.rows(begin + R"(((?:\s*(?:[A-Za-z0-9+/=\\]+|[A-Z][A-Za-z-]+: [^\n\f]*))+))" + end);
  // As far as visible.
  table.rows(begin + R"(((?:\s+[A-Za-z0-9+/=]{16,76})+))");
  table.rows(begin + R"(((?:\\[rn]|[A-Za-z0-9+/=])+))");
  table.rows(R"(\b([A-Za-z0-9+/=]{1,76}))" + end);
  table.rows(R"((?m)^Private-Lines: \d+((?:\s+[A-Za-z0-9+/=]{16,76})+))");
}

// Keys that say by their first letters whose they are.
void add_services(Table& table) {
  table.secret(R"(\bsk-(?:ant|proj|svcacct|or)-([A-Za-z0-9_-]{4,}))");
  table.secret(R"(\b(?:gh[pousr]_|github_pat_|gl(?:pat|ptt|dt|rt|ft|soat|cbt|imt|agent|oas|ffct|wt)-)"
               R"(|xox[a-z]-|xapp-|dckr_[op]at_)"
               R"(|AKIA|ASIA|ABIA|ACCA|AGE-SECRET-KEY-1|SG\.|hv[sbr]\.|dp\.(?:pt|st|ct|sa|scim|audit)\.)"
               R"(|lin_(?:api|oauth)_)"
               R"(|shp(?:at|ss|ca|pa)_|sq0[a-z]{3}-|pscale_[a-z]+_|NR(?:AK|JS|II|RA)-|sntry[su]_|GOCSPX-)"
               R"(|rubygems_|CLOJARS_)"
               R"(|CCIP(?:AT|RJ)_|tskey-|PMAK-|xkeysib-|xsmtpsib-|FLWSECK(?:_TEST)?-|CFPAT-|dt0c01\.|ATATT3)"
               R"(|ATCTT3|GR1348941)"
               R"(|lsv2_(?:pt|sk)_|pcsk_|pat-[a-z]{2}\d-|access-(?:sandbox|production|development)-|EZ[AT]K|glsa_|glc_)"
               R"(|ya29\.|AIza|LTAI|shippo_(?:live|test)_|duffel_(?:live|test)_)([A-Za-z0-9_=.+/-]{8,}))");
  table.secret(
      R"(\b(?:[srp]k[-_](?:live_|test_)?|hf_|npm_|do[opr]_v1_|pypi-|whsec_|ntn_|secret_|fig[a-z]_)"
      R"(|sbp_|fo1_|fm\d_|rnd_)"
      R"(|nf[pc]_|gsk_|xai-|pplx-|r8_|fw_|tvly-|fc-|e2b_|re_|bkua_|sq[pua]_|ops_|pnu_|pul-|rdme_)"
      R"(|tfp_|fio-u-|aio_)"
      R"(|p8e-|dapi|key-|ATBB|ATTA|AKC|oy2|cio|vercel_|hrku-|sess-|jina_|nvapi-|csk-|co_|voyage-|ak_|pk\.|sk\.)"
      R"(|rpa_|bb_live_|phc_|phx_|sl\.|1//0)([A-Za-z0-9_=.+/-]{16,}))",
      is_no_word);
  table.secret(R"(\beyJ([A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,4}))");
  table.secret(R"(\b(\d{8,10}:[A-Za-z0-9_-]{30,}))");                                      // Telegram
  table.secret(R"(\b([A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{20,}))");                    // Terraform
  table.secret(R"(\b([MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{25,}))");  // Discord
  table.secret(R"(([A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{30,}))");                          // Azure
  table.secret(R"(\$(?:2[abxy]?|1|5|6|7|y|gy|apr1|argon2[id]*|scrypt|pbkdf2[a-z0-9-]*)\$([^\s:"']{16,}))");
  table.secret(R"(\b(A3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,6}){4,5})\b)");
  table.secret(R"(\b([A-Z0-9]{5,8}(?:-[A-Z0-9]{5,8}){3,})\b)", is_licence);
}

void add_addresses_with_secrets(Table& table) {
  const std::string rest = R"re(([^\s"'<>`|)]{6,}))re";
  table.secret(R"(hooks\.slack\.com/[a-z]+/)" + rest);
  table.secret(R"(discord(?:app)?\.com/api/(?:v\d+/)?webhooks/)" + rest);
  table.secret(R"((?:chat\.googleapis\.com/v1/spaces|hc-ping\.com|ntfy\.sh|api\.telegram\.org)"
               R"(|[a-z0-9.-]*webhook\.office\.com)/)" +
               rest);
  table.secret(R"(https?://[^\s/"'<>]*hook[^\s/"'<>]*/)" + rest);
  table.secret(R"(https?://[^\s"'<>]*/[a-z_-]*hooks?(?:/catch)?/)" + rest);
  table.secret(R"(\b[a-z][a-z0-9+.-]*://([^\s/:@"']*:[^\s@"'<>]+)@)");
  table.secret(R"(\b[a-z][a-z0-9+.-]*://([^\s/:@"']{8,})@)", has_digit);
  table.secret(R"re((?i)[?&;](?:amp;)?(?:(?:x-(?:amz|goog|oss|ms|cos)-)?(?:signature|credential)re"
               R"re(|security-token)|sig|hmac|hash|auth|)re"
               R"re((?:[\w-]*[_-])?(?:token|key|secret|password|passwd|pwd|pass|code|sid|session|ticket)re"
               R"re(|assertion|otp|jwt))=([^\s&"'<>`]+))re",
               is_no_mask);
}

void add_headers(Table& table) {
  table.secret(R"re((?i)\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer|token|apikey)re"
               R"re(|negotiate|digest|ssws|key|bot)\s+)?([^\s"'`]+))re",
               is_no_mask);
  table.secret(R"((?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/=-]{8,}))", is_no_word);
  table.secret(R"re((?i)\b(?:set-)?cookie["']?\s*:\s*["']?([^"'\n]+))re",
               [](std::string_view found) { return found.find('=') != found.npos; });
  table.secret(R"((?i)\b(?:x-[a-z0-9-]*(?:key|token|auth|secret|signature)|private-token|api-key|apikey)"
               R"(|[a-z-]+-api-key)["']?\s*:\s*)" +
                   value,
               is_no_word);
}

void add_commands(Table& table) {
  const std::string same = R"([^\n|;&]*?\s)";  // more of the same command
  table.secret(R"((?i)--(?:[a-z0-9]+[-_])*(?:password|passwd|passphrase|pass|pwd|pw|token|secret|api-?key)"
               R"(|access-?key|secret-?key|auth-?key|private-?key|pin|auth|credentials?)(?:\s+|=))" +
                   value,
               is_argument);
  table.secret(R"(\b(?:curl|wget|http|https|xh|hurl|lftp)\b)" + same +
                   R"re((?:-[a-zA-Z]*u|--user|--proxy-user|-a|--auth|-U)[ =\f]*["']?([^\s:"']*:[^\s"']+))re",
               is_login);
  table.secret(R"re((?:^|\s)-u\s*["']?([^\s:"'/]+:[^\s"'/]+))re", is_login);
  table.secret(R"(\b(?:mysql|mariadb)[a-z_-]*\b)" + same + R"(-p)" + value, is_argument);
  table.secret(R"(\b(?:sshpass|(?:docker|podman|nerdctl|buildah|skopeo|crane|oras|helm|az|oc|registry)\b[^\n)"
               R"(|;&]*?\blogin|mongo[a-z]*|cqlsh|influx|sqlplus|rabbitmqadmin|mosquitto_\w+|ipmitool)\b)" +
                   same + R"(-[pP]\s*)" + value,
               is_argument);
  table.secret(R"(\bsshpass\s+-p\s*)" + value, is_argument);
  table.secret(R"(\b(?:7z[a-z]*|rar|unrar)\b)" + same + R"(-p)" + value, is_argument);
  table.secret(R"(\b(?:sqlcmd|bcp|isql|tsql|zip|unzip)"
               R"(|mosquitto_\w+)\b)" +
                   same + R"(-P\s*)" + value,
               is_argument);
  table.secret(R"(\bredis-cli\b)" + same + R"(-a\s*)" + value, is_argument);
  table.secret(R"(\bldap[a-z]+\b)" + same + R"(-w\s*)" + value, is_argument);
  table.secret(R"(\bsmbclient\b)" + same + R"re(-U\s*["']?[^\s%"']+%([^\s"']+))re");
  table.secret(R"(\bhtpasswd\s+-[a-zA-Z]*b[a-zA-Z]*\s+\S+\s+\S+\s+)" + value);
  table.secret(R"(-pass(?:in|out)?\s+["']?pass:([^\s"']+))");
  table.secret(R"(\becho\s+(?:-n\s+)?)" + value +
               R"(\s*\|\s*(?:sudo\s+)?(?:sudo\s+-S|chpasswd|passwd|[^|\n]*--password-stdin|[^)"
               R"(|\n]*--with-token|openssl|gpg|base64))");
  // netrc, .pgpass and the passwords in connection strings.
  table.secret(R"re(\blogin\s+\S+\s+(?:account\s+\S+\s+)?password\s+([^\s"']+))re", is_no_mask);
  table.secret(R"re((?m)(?:^|\f)\s*password\s+([^\s"']+)\s*(?:\f|$))re", is_no_mask);
  table.secret(R"((?m)(?:^|\f)[A-Za-z0-9_.*-]+:(?:\d{2,5}|\*):[^\s:]+:[^\s:]+:(\S+)\s*(?:\f|$))");
  table.secret(R"re((?i)\b(?:identified\s+by|password)\s+(?:'([^'\n]+)'|"([^"\n]+)"))re", is_no_mask);
}

void add_named_values(Table& table) {
  table.secret("(?i)(?:" + words_for_password +
                   R"(|secret|credentials?|client[_-]?secret|private[_-]?key|\bpsk)(?:[_-]?(?:id|key|hash)"
                   R"(|base64|b64|value|text|\d+))?)" +
                   is + value,
               is_no_mask);
  table.secret(R"((?i)(?:passphrase|mnemonic|(?:seed|recovery)"
               R"(|backup) phrase)["']?\s*[:=]\s*["']?((?:[a-z0-9]+[ \f-]+){3,}[a-z0-9]+))");
  table.secret(R"re((?i)(?:token|api[_-]?key|access[_-]?key|account[_-]?key|auth[_-]?key|secret[_-]?key|_key)re"
               R"re(|accesskey|sharedaccesssignature|_auth|sess(?:ion)?[_-]?id|\.sid)re"
               R"re(|csrf)["']?=["'`]?([^\s"'`]{4,}))re");
  table.secret(R"(\b[A-Z0-9_]*_(?:KEY|TOKEN|SECRET|PASS|PASSWORD|PWD|PW|AUTH|CREDENTIALS?|COOKIE|DSN|PAT|SID)"
               R"(|PIN|SALT|WEBHOOK|WEBHOOK_URL|PSK|LICEN[CS]E)(?:["'\]]?\s*=\s*|:\s+))" +
                   value,
               is_no_mask);
  table.secret(R"((?i)(?:token|key|auth|cookie|credential|signature)"
               R"(|licen[cs]e)(?:\s*\[[^\]\n]*\])?)" +
                   is + value,
               is_no_word);
  table.secret(R"((?i)\b(?:pin|otp|tan|(?:verification|security|auth(?:entication)?|one-time|2fa|mfa)"
               R"(|recovery|backup|login|device|user)"
               R"(|access)[ \f-]codes?)(?:\s+is)?\s*[:=]?\s*(\d[\d -]{2,8}\d|[A-Z0-9]{4,5}-[A-Z0-9]{4,5})\b)");
}

// What says by its form alone that nobody has made it up.
void add_random(Table& table) {
  table.secret(R"(([A-Za-z0-9+/_-]{40,}={0,2}))", is_random);
  table.secret(R"(\b([A-Za-z0-9_-]{20,}={0,2}))", is_random);
  table.secret(R"((?:\b|0x)([0-9a-fA-F]{32,})\b)", is_random);
  table.secret(R"(\b([3-6](?:\d[ -]?){13,14}\d)\b)", is_card);
}

void add_people(Table& table) {
  using Kind = SecretKind;
  table.add(Kind::mail, R"(([A-Za-z0-9_][A-Za-z0-9_.+%-]*@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}))");
  table.add(Kind::home, R"re((?:/home/|/Users/|\\Users\\)([^/\\\s:'"`)\]},;]+))re");
  table.add(Kind::home, R"re((?:^|[\s:"'`=(])~([a-z_][a-z0-9_-]*)/)re");
  table.add(Kind::home, R"((?m)\b(?:Author|Committer|Co-authored-by|Signed-off-by|Reviewed-by|Reported-by|Tested-by)"
                        R"(|Acked-by):\s+([^<\n\f]{2,60}?)\s*(?:<|\f|$))");
  table.add(Kind::home, R"([-dlbcps][rwxsStT-]{9}[.+@]?\s+\d+\s+([\w.$-]+)\s+([\w.$-]+)\s+[\d.,]+[KMGT]?\s)",
            is_uncommon);
  table.add(Kind::home, R"(\b[ug]id=\d+\(([^)\s]+)\))", is_uncommon);
  table.add(Kind::home, R"((?m)^([a-z_][\w-]*):[x*!]?:\d+:\d+:([^:\n]*):)", is_uncommon);
  table.add(Kind::home, R"((?m)^([a-z_][\w-]*)\s+\d+\s+\d+\.\d\s+\d+\.\d\s)", is_uncommon);
  table.add(Kind::home,
            R"(\b(?:chown\s+(?:-\w+\s+)*|sudo\s+-u\s+)"
            R"(|su\s+-\s+)([a-z_][\w-]*)(?::([a-z_][\w-]*))?)",
            is_uncommon);
}

void add_machines(Table& table) {
  using Kind = SecretKind;
  const std::string options = R"((?:-(?:[1246AaCfGgKkMNnqsTtVvXxYy]+|[BbcDEeFIiJLlmOopQRSWw]\s*\S+)\s+)*)";
  // A prompt: "anna@box:~/src$", "[anna@box src]$", "anna@box ~ %".
  table.add(Kind::host, R"(\b([A-Za-z_][\w.-]*@[A-Za-z][A-Za-z0-9-]*)(?::[~/\w.]| +[~/\w.-]*\]?[ ]*[#$%]))");
  table.add(Kind::host,
            R"(\b(?:ssh|sftp|mosh|autossh|ssh-copy-id|ssh-keyscan|telnet|ping6?)\s+)" + options +
                R"(([A-Za-z0-9_][\w.-]*(?:@[\w.-]+)?))",
            is_host);
  table.add(Kind::host,
            R"((?m)(?:^|\f|[$#%❯>!(;&]\s*)(?:ssh|sftp|mosh|ping)\s+)" + options + R"(([A-Za-z0-9_][\w.-]*))",
            is_uncommon);
  table.add(Kind::host, R"(\b(?:scp|rsync)\b[^\n|;&]*?\s((?:[\w.-]+@)?[A-Za-z][\w.-]*):[\w~/.])", is_uncommon);
  table.add(Kind::host,
            R"((?i)(?:\bHostName\s+|Connection to |connect to host |resolve hostname |permanently added ')"
            R"(|-J\s+|ProxyJump\s+)([A-Za-z0-9][\w.@-]*))",
            is_host);
  table.add(Kind::host, R"((?i)\b((?:[a-z0-9][a-z0-9-]*\.)+(?:local|localdomain|internal|intranet|lan|corp|home)"
                        R"(|home\.arpa))\b)");
  table.add(Kind::address, R"(\b((?:[0-9]{1,3}\.){3}[0-9]{1,3})\b)", is_foreign_address);
  table.add(Kind::address, R"(\b([0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7})\b)", is_address);
}

}  // namespace

SecretPattern::SecretPattern(SecretKind of, const std::string& text, SecretCheck check, bool rows)
    : kind(of), expression(text), holds(check), of_rows(rows) {}

const SecretPatterns& secret_patterns() {
  static const SecretPatterns patterns = [] {
    Table table;
    add_private_keys(table);
    add_services(table);
    add_addresses_with_secrets(table);
    add_headers(table);
    add_commands(table);
    add_named_values(table);
    add_random(table);
    add_people(table);
    add_machines(table);
    return table.take();
  }();
  return patterns;
}

}  // namespace quotawatch
