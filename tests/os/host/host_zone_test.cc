// The host's zone: each form of TZ and of /etc/localtime, on simulated hosts; and that libc, which
// the programs in panes use, agrees.
#include "os/host/host_zone.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <time.h>

#include <array>
#include <filesystem>
#include <set>

#include "tests/os/support.h"

namespace quotawatch::os {
namespace {

namespace fs = std::filesystem;
using testing_support::read_file;
using testing_support::TemporaryFolder;
using testing_support::Variable;
using testing_support::write_file;

constexpr std::time_t new_year_2026 = 1767225600;
constexpr std::time_t half_a_day = 43'200;

// The local time according to libc, in the format of Zone::format_local().
std::string shown_by_libc(std::time_t time) {
  std::tm local{};
  ::localtime_r(&time, &local);
  std::array<char, 80> text{};
  ::strftime(text.data(), text.size(), "%a %d %b %Y %H:%M %Z", &local);
  return text.data();
}

// Compares at each hour of this year.
void expect_as_libc(const Zone& zone, const std::string& variable) {
  const Variable set("TZ", variable.c_str());
  ::tzset();
  for (std::time_t time = new_year_2026; time < new_year_2026 + 2 * 366 * half_a_day; time += half_a_day / 12) {
    const WallTime wall{std::chrono::seconds{time}};
    ASSERT_EQ(zone.format_local(wall), shown_by_libc(time)) << variable << " at " << time;
  }
}

class HostZoneTest : public testing::Test {
 protected:
  HostZoneTest() {
    places_.local_time = folder_ / "localtime";
    places_.local_name = folder_ / "timezone";
  }
  ~HostZoneTest() override { ::tzset(); }

  HostZone with_variable(const std::string& variable) {
    places_.variable = variable;
    return read_host_zone(places_);
  }

  std::string in_words() {
    const auto host = read_host_zone(places_);
    EXPECT_EQ(host.warning, "");
    return host.zone.name() + ", " + host.why;
  }

  static std::string zone_file(const std::string& name) {
    return read_file(fs::canonical(fs::path(zone_database) / name));
  }

  TemporaryFolder folder_;
  ZonePlaces places_;
};

TEST_F(HostZoneTest, TzNamesAZone) {
  for (const char* name : {"Europe/Paris", "EST5EDT", "UTC", "America/Argentina/Ushuaia"}) {
    for (const char* before : {"", ":"}) {
      const auto host = with_variable(std::string(before) + name);
      EXPECT_EQ(host.zone.name(), name);
      EXPECT_EQ(host.why, "from TZ");
      EXPECT_EQ(host.warning, "");
    }
  }
}

TEST_F(HostZoneTest, TzNamesAFileOfTheDatabase) {
  places_.variable = std::string(zone_database) + "/Asia/Tokyo";
  EXPECT_EQ(in_words(), "Asia/Tokyo, from TZ=\"/usr/share/zoneinfo/Asia/Tokyo\"");
  places_.variable = "posix/Asia/Tokyo";
  EXPECT_EQ(in_words(), "Asia/Tokyo, from TZ=\"posix/Asia/Tokyo\"");
  places_.variable = "right/Asia/Tokyo";
  EXPECT_EQ(in_words(), "Asia/Tokyo, from TZ=\"right/Asia/Tokyo\"");
  places_.variable = "../zoneinfo/Asia/Tokyo";
  EXPECT_EQ(in_words(), "Asia/Tokyo, from TZ=\"../zoneinfo/Asia/Tokyo\"");
}

TEST_F(HostZoneTest, TzNamesAFileElsewhere) {
  const std::string path = folder_ / "kolkata";
  write_file(path, zone_file("Asia/Kolkata"));
  places_.variable = ":" + path;
  EXPECT_EQ(in_words(), "Asia/Kolkata, from TZ=\":" + path + "\", a copy of it");
}

TEST_F(HostZoneTest, TzHoldsRules) {
  for (const char* rules : {"CET-1CEST", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0530>-5:30"}) {
    const auto host = with_variable(rules);
    EXPECT_EQ(host.zone.name(), rules);
    EXPECT_EQ(host.why, "from TZ");
  }
}

TEST_F(HostZoneTest, AnEmptyTzIsUtc) {
  for (const char* variable : {"", ":"}) {
    places_.variable = variable;
    EXPECT_EQ(in_words(), "UTC, for TZ is empty");
  }
}

TEST_F(HostZoneTest, AnUnknownTzIsUtcAndSaidToBe) {
  write_file(folder_ / "no-zone", "Europe/Paris\n");
  for (const std::string& variable :
       {std::string("Mars/Olympus"), std::string("Europe"), std::string("../../../etc/passwd"),
        std::string("CET-1CEST,M13.1.0,M10.5.0"), folder_ / "no-zone", folder_ / "missing", folder_.path()}) {
    const auto host = with_variable(variable);
    EXPECT_EQ(host.zone, Zone::utc());
    EXPECT_EQ(host.why, "for TZ=\"" + variable + "\" is no zone");
    EXPECT_NE(host.warning.find("TZ=\"" + variable + "\" is no zone"), std::string::npos);
  }
  EXPECT_NE(with_variable("europe/paris").warning.find("did you mean \"Europe/Paris\"?"), std::string::npos);
}

TEST_F(HostZoneTest, LocalTimeIsALink) {
  fs::create_symlink(std::string(zone_database) + "/Europe/Paris", folder_ / "link");
  fs::create_symlink("link", places_.local_time);
  EXPECT_EQ(in_words(), "Europe/Paris, from " + places_.local_time);
}

// As `cp` and `docker cp` leave it.
TEST_F(HostZoneTest, LocalTimeIsACopy) {
  write_file(places_.local_time, zone_file("Asia/Kolkata"));
  EXPECT_EQ(in_words(), "Asia/Kolkata, from " + places_.local_time + ", a copy of it");
}

TEST_F(HostZoneTest, OfZonesThatAreAlikeTheHostsNameIsMeantElseTheFirst) {
  write_file(places_.local_time, zone_file("Europe/London"));  // Europe/Jersey is a link to it
  EXPECT_EQ(in_words(), "Europe/London, from " + places_.local_time + ", a copy of it");
  write_file(places_.local_name, "Europe/Belfast\n");
  EXPECT_EQ(in_words(), "Europe/Belfast, from " + places_.local_time + ", a copy of it");
  write_file(places_.local_name, "Asia/Kolkata\n");  // the wrong name
  EXPECT_EQ(in_words(), "Europe/London, from " + places_.local_time + ", a copy of it");
}

// Compiled by another version of tzdata, or in another format.
TEST_F(HostZoneTest, LocalTimeThatIsNoCopySaysItsRules) {
  std::string file = zone_file("Europe/Paris");
  file.insert(file.rfind("\nCET-1CEST"), 1, '\0');
  write_file(places_.local_time, file);
  EXPECT_EQ(in_words(), "CET-1CEST,M3.5.0,M10.5.0/3, from " + places_.local_time + ", its rules");
}

TEST_F(HostZoneTest, LocalTimeThatIsNoZoneIsUtcAndSaidToBe) {
  write_file(places_.local_time, "Europe/Paris");
  fs::create_symlink("nowhere", folder_ / "dangling");
  for (const auto& path : {folder_ / "localtime", folder_ / "dangling", folder_.path()}) {
    places_.local_time = path;
    const auto host = read_host_zone(places_);
    EXPECT_EQ(host.zone, Zone::utc());
    EXPECT_EQ(host.why, "for " + path + " holds no zone");
    EXPECT_NE(host.warning.find(path + " holds no zone"), std::string::npos);
  }
}

TEST_F(HostZoneTest, WithoutLocalTimeItIsUtc) {
  EXPECT_EQ(in_words(), "UTC, for there are neither TZ nor " + places_.local_time);
}

TEST_F(HostZoneTest, TzGoesBeforeLocalTime) {
  fs::create_symlink(std::string(zone_database) + "/Europe/Paris", places_.local_time);
  places_.variable = "Asia/Tokyo";
  EXPECT_EQ(in_words(), "Asia/Tokyo, from TZ");
}

TEST_F(HostZoneTest, ThisProcessHasItsOwnVariable) {
  {
    const Variable set("TZ", "Asia/Tokyo");
    EXPECT_EQ(read_host_zone(own_zone_places()).zone.name(), "Asia/Tokyo");
  }
  const Variable unset("TZ", nullptr);
  EXPECT_FALSE(own_zone_places().variable);
}

TEST_F(HostZoneTest, LibcSeesTheSame) {
  write_file(folder_ / "kolkata", zone_file("Asia/Kolkata"));
  for (const std::string& variable :
       {std::string("Europe/Paris"), std::string(":America/New_York"), std::string("EST5EDT"), std::string("UTC"),
        std::string(""), std::string(":"), std::string("posixrules"), std::string("CET-1CEST,M3.5.0,M10.5.0/3"),
        std::string("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"), std::string("UTC+2"), std::string("IST-1GMT0,M10.5.0,M3.5.0/1"),
        folder_ / "kolkata"}) {
    expect_as_libc(with_variable(variable).zone, variable);
  }
}

// Without a rule, libc also changes its clocks on these days, but some hours off.
TEST_F(HostZoneTest, LibcSeesTheSameWithoutRulesForSummerTime) {
  const auto zone = with_variable("CET-1CEST").zone;
  const Variable set("TZ", "CET-1CEST");
  ::tzset();
  for (const std::time_t time : {1772884800, 1773144000, 1793448000, 1793664000}) {
    EXPECT_EQ(zone.format_local(WallTime{std::chrono::seconds{time}}), shown_by_libc(time));
  }
}

// The rules for future years of all files in the database.
TEST_F(HostZoneTest, LibcSeesTheSameByTheRulesOfEveryZone) {
  std::set<std::string> all_rules;
  for (const auto& entry : fs::recursive_directory_iterator(zone_database)) {
    if (!entry.is_regular_file() || entry.is_symlink()) continue;
    const std::string text = read_file(entry.path());
    if (!text.starts_with("TZif") || !text.ends_with('\n')) continue;
    const auto rules = text.substr(text.rfind('\n', text.size() - 2) + 1);
    all_rules.insert(rules.substr(0, rules.size() - 1));
  }
  all_rules.erase("");
  EXPECT_GT(all_rules.size(), 50U);
  for (const auto& rules : all_rules) {
    const auto zone = Zone::from_rules(rules);
    ASSERT_TRUE(zone) << rules;
    expect_as_libc(*zone, rules);
  }
}

// Within these months. Not around New Year, where libc considers only the changes of the current
// UTC year.
rc::Gen<std::string> change_of_clocks(int first_month, int last_month) {
  return rc::gen::exec([=] {
    constexpr int days = 30;
    std::string day;
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        day = fmt::format("M{}.{}.{}", *rc::gen::inRange(first_month, last_month + 1), *rc::gen::inRange(1, 6),
                          *rc::gen::inRange(0, 7));
        break;
      case 1:
        day = fmt::format("J{}", *rc::gen::inRange(first_month * days, last_month * days));
        break;
      default:
        day = fmt::format("{}", *rc::gen::inRange(first_month * days, last_month * days));
    }
    const int hour = *rc::gen::inRange(-5, 26);
    return hour == 2 ? day : fmt::format("{}/{}", day, hour);
  });
}

RC_GTEST_PROP(HostZoneProperty, LibcSeesTheSameByAnyRules, ()) {
  auto begin = *change_of_clocks(2, 5);
  auto end = *change_of_clocks(7, 11);
  if (*rc::gen::arbitrary<bool>()) std::swap(begin, end);
  const auto ahead = *rc::gen::elementOf(std::vector<std::string>{"", "", "", "3", "-4:30"});
  const auto rules = fmt::format("AAA{}BBB{},{},{}", *rc::gen::inRange(-12, 13), ahead, begin, end);
  const auto zone = Zone::from_rules(rules);
  RC_ASSERT(zone.has_value());
  const Variable set("TZ", rules.c_str());
  ::tzset();
  for (std::time_t time = new_year_2026; time < new_year_2026 + 800 * half_a_day; time += half_a_day / 4) {
    const WallTime wall{std::chrono::seconds{time}};
    if (zone->format_local(wall) == shown_by_libc(time)) continue;
    RC_FAIL(fmt::format("TZ={} at {}: {} and libc {}", rules, time, zone->format_local(wall), shown_by_libc(time)));
  }
}

}  // namespace
}  // namespace quotawatch::os
