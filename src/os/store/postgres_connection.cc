#include "os/store/postgres_connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <uv.h>

#include <cassert>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "base/environment.h"
#include "base/text.h"
#include "os/loop/timer.h"
#include "os/store/host_address.h"
#include "os/store/libpq.h"

namespace quotawatch::os {
namespace {

using Options = std::map<std::string, std::string>;

// Those that are set; empty if the text cannot be read. libpq would repeat parts of it in its message.
std::optional<Options> parse(const std::string& address) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&::PQconninfoFree)> options(
      libpq().PQconninfoParse(address.c_str(), &message), libpq().PQconninfoFree);
  if (message != nullptr) libpq().PQfreemem(message);
  if (!options) return std::nullopt;
  Options set;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) set[option->keyword] = option->val;
  }
  return set;
}

std::string value_or(const Options& options, const std::string& name, const char* variable) {
  const auto found = options.find(name);
  return found == options.end() ? environment_variable(variable) : found->second;
}

// On one line.
std::string message_of(const char* message) {
  std::string text;
  for (const char character : trim(message)) text += character == '\n' ? ' ' : character;
  return text.empty() ? "the connection has ended" : text;
}

PostgresConnection::Result take_result(const PGresult* result) {
  PostgresConnection::Result taken;
  const auto status = libpq().PQresultStatus(result);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    const char* const state = libpq().PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* const primary = libpq().PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    taken.state = state == nullptr ? "" : state;
    taken.why = message_of(primary == nullptr ? libpq().PQresultErrorMessage(result) : primary);
    return taken;
  }
  for (int row = 0; row < libpq().PQntuples(result); ++row) {
    auto& values = taken.rows.emplace_back();
    for (int column = 0; column < libpq().PQnfields(result); ++column)
      values.emplace_back(libpq().PQgetvalue(result, row, column));
  }
  return taken;
}

}  // namespace

class PostgresConnection::Link {
 public:
  struct Question {
    std::string statement;
    std::vector<std::string> parameters;
    Done done;
  };

  Link(EventLoop& loop, std::string address, Milliseconds timeout, Callbacks callbacks)
      : loop_(loop), address_(std::move(address)), timeout_(timeout), callbacks_(std::move(callbacks)), limit_(loop) {
    limit_.start_timeout(timeout_, [this] { fail("no answer within " + std::to_string(timeout_.count()) + " ms"); });
    find_hosts();
  }

  ~Link() {
    watch_.reset();
    libpq().PQfinish(connection_);
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void ask(Question question) {
    questions_.push_back(std::move(question));
    if (connected_ && questions_.size() == 1) send();
  }

  std::string described() const {
    if (!connected_) return "";
    return fmt::format("{} on {} as {}", libpq().PQdb(connection_), libpq().PQhost(connection_),
                       libpq().PQuser(connection_));
  }

 private:
  // Watches a descriptor until it is destroyed.
  class DescriptorWatch {
   public:
    DescriptorWatch(EventLoop& loop, int descriptor, int events, std::function<void()> ready)
        : handle_(new Handle{{}, std::move(ready)}) {
      uv_poll_init(loop.handle(), &handle_->poll, descriptor);
      handle_->poll.data = handle_;
      uv_poll_start(&handle_->poll, events, [](uv_poll_t* poll, int /*failed*/, int /*events*/) {
        const auto call = static_cast<Handle*>(poll->data)->ready;  // it may destroy the watch
        call();
      });
    }
    ~DescriptorWatch() {
      uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll),
               [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
    }
    DescriptorWatch(const DescriptorWatch&) = delete;
    DescriptorWatch& operator=(const DescriptorWatch&) = delete;

   private:
    struct Handle {
      uv_poll_t poll;
      std::function<void()> ready;
    };
    Handle* handle_;  // deletes itself once libuv has closed it
  };

  void find_hosts() {
    const auto options = parse(address_);
    if (!options) return soon([this] { fail("store.postgresql is no connection string that libpq can read"); });
    HostAddress::Hosts hosts{
        split_list(value_or(*options, "host", "PGHOST")), {}, split_list(value_or(*options, "port", "PGPORT"))};
    const bool known = options->contains("hostaddr") || hosts.names.front().empty() ||
                       (hosts.ports.size() > 1 && hosts.ports.size() != hosts.names.size());
    if (known) return soon([this] { begin({}); });
    search_.emplace(loop_, std::move(hosts), [this](const HostAddress::Hosts& found, const std::string& why) {
      why.empty() ? begin(found) : fail("no host is found: " + why);
    });
  }

  // From the loop: the caller does not expect to be called back at once.
  void soon(std::function<void()> what) {
    soon_.emplace(loop_);
    soon_->start_once(Milliseconds{0}, std::move(what));
  }

  void begin(const HostAddress::Hosts& hosts) {
    std::vector<std::pair<std::string, std::string>> options{
        {"fallback_application_name", "quotawatch"},
        {"target_session_attrs", "read-write"},
        {"keepalives_idle", "30"},
        {"tcp_user_timeout", std::to_string(timeout_.count())},
        {"dbname", address_},
    };
    if (!hosts.names.empty()) {
      options.emplace_back("host", join_list(hosts.names));
      options.emplace_back("hostaddr", join_list(hosts.addresses));
      options.emplace_back("port", join_list(hosts.ports));
    }
    options.emplace_back("client_encoding", "UTF8");
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : options) {
      names.push_back(name.c_str());
      values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    connection_ = libpq().PQconnectStartParams(names.data(), values.data(), 1);
    if (connection_ == nullptr || libpq().PQstatus(connection_) == CONNECTION_BAD) return fail(message());
    libpq().PQsetNoticeProcessor(
        connection_, [](void* /*unused*/, const char* /*message*/) {}, nullptr);
    watch(UV_WRITABLE, [this] { go_on_connecting(); });
  }

  std::string message() const { return message_of(connection_ == nullptr ? "" : libpq().PQerrorMessage(connection_)); }

  void watch(int events, std::function<void()> ready) {
    watch_.reset();
    watch_.emplace(loop_, libpq().PQsocket(connection_), events, std::move(ready));
  }

  // libpq may take another descriptor at each step.
  void go_on_connecting() {
    watch_.reset();
    switch (libpq().PQconnectPoll(connection_)) {
      case PGRES_POLLING_READING:
        return watch(UV_READABLE, [this] { go_on_connecting(); });
      case PGRES_POLLING_WRITING:
        return watch(UV_WRITABLE, [this] { go_on_connecting(); });
      case PGRES_POLLING_OK:
        break;
      default:
        return fail(message());
    }
    libpq().PQsetnonblocking(connection_, 1);
    limit_.stop();
    connected_ = true;
    watch(UV_READABLE, [this] { receive(); });
    if (!questions_.empty()) send();
    if (callbacks_.connected) callbacks_.connected();
  }

  void send() {
    const auto& question = questions_.front();
    std::vector<const char*> values;
    for (const auto& parameter : question.parameters) values.push_back(parameter.c_str());
    const int sent = libpq().PQsendQueryParams(connection_, question.statement.c_str(), static_cast<int>(values.size()),
                                               nullptr, values.data(), nullptr, nullptr, 0);
    if (sent == 0) return soon([this] { fail(message()); });
    limit_.start_timeout(timeout_, [this] { fail("no answer within " + std::to_string(timeout_.count()) + " ms"); });
    flush();
  }

  void flush() {
    const int left = libpq().PQflush(connection_);
    if (left < 0) return soon([this] { fail(message()); });
    watch(left > 0 ? UV_READABLE | UV_WRITABLE : UV_READABLE, [this] { receive(); });
  }

  void receive() {
    if (libpq().PQconsumeInput(connection_) == 0) return fail(message());
    if (!questions_.empty() && libpq().PQflush(connection_) < 0) return fail(message());
    take_notifications();
    while (libpq().PQisBusy(connection_) == 0) {
      const std::unique_ptr<PGresult, decltype(&::PQclear)> result(libpq().PQgetResult(connection_), libpq().PQclear);
      if (!result) break;
      if (!result_) result_ = take_result(result.get());
    }
    const bool ended = libpq().PQisBusy(connection_) == 0 && result_;
    if (!ended) {
      if (libpq().PQstatus(connection_) == CONNECTION_BAD) return fail(message());
      return questions_.empty() ? void() : flush();
    }
    if (libpq().PQstatus(connection_) == CONNECTION_BAD) return fail(result_->why.empty() ? message() : result_->why);
    limit_.stop();
    const auto done = std::move(questions_.front().done);
    questions_.pop_front();
    const Result answer = *std::exchange(result_, std::nullopt);
    questions_.empty() ? watch(UV_READABLE, [this] { receive(); }) : send();
    if (done) done(answer);
  }

  void take_notifications() {
    while (auto* notification = libpq().PQnotifies(connection_)) {
      const std::unique_ptr<PGnotify, decltype(&::PQfreemem)> owned(notification, libpq().PQfreemem);
      if (notification->be_pid != libpq().PQbackendPID(connection_) && callbacks_.notified) {
        callbacks_.notified(notification->extra);
      }
    }
  }

  void fail(const std::string& why) {
    watch_.reset();
    search_.reset();
    limit_.stop();
    connected_ = false;
    const auto unanswered = std::exchange(questions_, {});
    const auto lost = callbacks_.lost;
    for (const auto& question : unanswered) {
      if (question.done) question.done({why, "", {}});
    }
    if (lost) lost(why);
  }

  EventLoop& loop_;
  const std::string address_;
  const Milliseconds timeout_;
  const Callbacks callbacks_;
  Timer limit_;
  std::optional<Timer> soon_;
  std::optional<HostAddress> search_;
  std::optional<DescriptorWatch> watch_;
  PGconn* connection_ = nullptr;
  bool connected_ = false;
  std::deque<Question> questions_;
  std::optional<Result> result_;
};

PostgresConnection::PostgresConnection(EventLoop& loop, std::string address, Milliseconds timeout, Callbacks callbacks)
    : link_(std::make_unique<Link>(loop, std::move(address), timeout, std::move(callbacks))) {}

PostgresConnection::~PostgresConnection() = default;

void PostgresConnection::ask(std::string statement, std::vector<std::string> parameters, Done done) {
  link_->ask({std::move(statement), std::move(parameters), std::move(done)});
}

std::string PostgresConnection::described() const { return link_->described(); }

}  // namespace quotawatch::os
