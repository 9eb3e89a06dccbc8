// PostgresStore and FakePoolStore against the same contract; and what is PostgreSQL's own.
#include <gtest/gtest.h>

#include "os/host/system_clock.h"
#include "os/store/postgres_store.h"
#include "os/store/store_visit.h"
#include "quotawatch/input_error.h"
#include "sim/harness/fake_database.h"
#include "tests/contracts/pool_store_contract.h"
#include "tests/os/store/postgres_server.h"

namespace quotawatch {
namespace {

using namespace os::testing_support;

// One for all tests: making it takes longest.
PostgresServer& server() {
  static PostgresServer started;
  return started;
}

StoreRules rules(const std::string& host) {
  StoreRules rules;
  rules.postgresql = server().address();
  rules.host = host;
  return rules;
}

void begin_anew() {
  server().run_sql("DROP TABLE IF EXISTS quotawatch");
  os::StoreVisit(rules("this")).make_table();
}

class PostgresWorld {
 public:
  static bool available() { return PostgresServer::available(); }

  PostgresWorld() { begin_anew(); }
  ~PostgresWorld() {
    if (parted_) join();
  }

  PoolStore& store() { return made(store_, "this"); }
  PoolStore& other() { return made(other_, "other"); }
  Clock& clock() { return clock_; }
  void part() {
    server().stop();
    parted_ = true;
  }
  void join() {
    server().start();
    parted_ = false;
  }

 private:
  PoolStore& made(std::unique_ptr<os::PostgresStore>& store, const std::string& host) {
    if (!store) store = std::make_unique<os::PostgresStore>(loop_, rules(host), std::vector<std::string>{"default"});
    return *store;
  }

  os::EventLoop loop_;
  os::SystemClock clock_{loop_};
  std::unique_ptr<os::PostgresStore> store_;
  std::unique_ptr<os::PostgresStore> other_;
  bool parted_ = false;
};

class FakeWorld {
 public:
  static bool available() { return true; }
  PoolStore& store() { return store_; }
  PoolStore& other() { return other_; }
  Clock& clock() { return clock_; }
  void part() { store_.cut(); }
  void join() { store_.join(); }

 private:
  sim::VirtualClock clock_{WallTime{}, SteadyTime::max()};
  sim::FakeDatabase database_{WallTime{}};
  sim::FakePoolStore store_{clock_, database_, {"this"}};
  sim::FakePoolStore other_{clock_, database_, {"other"}};
};

}  // namespace

namespace contracts {
INSTANTIATE_TYPED_TEST_SUITE_P(FakePoolStore, PoolStoreContract, FakeWorld);
INSTANTIATE_TYPED_TEST_SUITE_P(PostgresStore, PoolStoreContract, PostgresWorld);
}  // namespace contracts

namespace {

class PostgresTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!PostgresServer::available()) GTEST_SKIP() << "there is no PostgreSQL server";
    begin_anew();
  }

  // What the store says that is wrong.
  std::string why_away(const StoreRules& rules) {
    os::EventLoop loop;
    os::PostgresStore store(loop, rules, {"default"});
    loop.run_until([&] { return !store.why_away().empty() || store.take_news("default"); }, long_time);
    return store.why_away();
  }
};

TEST_F(PostgresTest, TheTableIsMadeOnce) {
  EXPECT_FALSE(os::StoreVisit(rules("this")).make_table());
  server().run_sql("DROP TABLE quotawatch");
  EXPECT_THROW(os::StoreVisit(rules("this")).check_table(), InputError);
  EXPECT_NE(why_away(rules("this")).find("store init"), std::string::npos);
  EXPECT_TRUE(os::StoreVisit(rules("this")).make_table());
  EXPECT_EQ(why_away(rules("this")), "");
}

TEST_F(PostgresTest, ATableOfANewerVersionIsLeftAlone) {
  server().run_sql("UPDATE quotawatch SET generation = 2 WHERE pool = 'version'");
  EXPECT_EQ(why_away(rules("this")), "the table is of version 2, this quotawatch knows 1");
  EXPECT_THROW(os::StoreVisit(rules("this")).make_table(), InputError);
}

TEST_F(PostgresTest, OneRoleWithThreeRightsOnOneTableIsEnough) {
  server().run_sql("DROP ROLE IF EXISTS little");
  server().run_sql("CREATE ROLE little LOGIN");
  auto little = rules("this");
  little.postgresql += " user=little";
  EXPECT_NE(why_away(little).find("permission denied"), std::string::npos);
  server().run_sql("GRANT SELECT, INSERT, UPDATE ON quotawatch TO little");
  os::EventLoop loop;
  os::PostgresStore store(loop, little, {"default"});
  ASSERT_EQ(loop.run_until([&] { return store.take_news("default"); }, long_time), os::EventLoop::Ended::condition);
  store.write("default", {}, {1, "a", {}, {}, "this"});
  ASSERT_EQ(loop.run_until([&] { return store.has_answered("default"); }, long_time), os::EventLoop::Ended::condition);
  EXPECT_EQ(store.take_answer("default")->kind, StoreAnswer::Kind::written);
  server().run_sql("DROP TABLE quotawatch; DROP ROLE little");
}

TEST_F(PostgresTest, WordsOfHostsAreKept) {
  os::EventLoop loop;
  os::PostgresStore store(loop, rules("this"), {"default"});
  loop.run_until([&] { return store.take_news("default"); }, long_time);
  store.tell("default", {"this", 3, "b", {}});
  store.tell("default", {"this", 4, "a", {}});
  store.read("default");
  loop.run_until([&] { return store.has_answered("default"); }, long_time);
  const auto words = os::StoreVisit(rules("this")).words("default");
  ASSERT_EQ(words.size(), 1);
  EXPECT_EQ(words[0].host, "this");
  EXPECT_EQ(words[0].generation, 4);
  EXPECT_EQ(words[0].account, "a");
}

TEST_F(PostgresTest, AnAddressThatCannotBeReadIsNotRepeated) {
  StoreRules secret;
  secret.postgresql = "host=x password='my secret";
  const auto why = why_away(secret);
  EXPECT_NE(why, "");
  EXPECT_EQ(why.find("secret"), std::string::npos) << why;
}

TEST_F(PostgresTest, NamesAreFoundWithoutWaiting) {
  StoreRules nowhere;
  nowhere.postgresql = "host=no-such-host.invalid,neither-this.invalid dbname=x";
  EXPECT_NE(why_away(nowhere).find("no host is found"), std::string::npos);
}

}  // namespace
}  // namespace quotawatch
