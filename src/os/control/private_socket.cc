#include "os/control/private_socket.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <uv.h>

#include <array>
#include <cassert>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/json_document.h"
#include "os/control/bound_socket.h"
#include "os/control/peer.h"
#include "os/files/trusted_path.h"
#include "os/loop/timer.h"
#include "quotawatch/input_error.h"

namespace quotawatch::os {
namespace {

constexpr int backlog = 16;

uv_handle_t* as_handle(uv_pipe_t& pipe) { return reinterpret_cast<uv_handle_t*>(&pipe); }
uv_stream_t* as_stream(uv_pipe_t& pipe) { return reinterpret_cast<uv_stream_t*>(&pipe); }

std::string error_reply(const std::string& why) { return dump_line(nlohmann::ordered_json{{"error", why}}) + "\n"; }

}  // namespace

// One client. Deletes itself once libuv has closed its pipe.
class Connection {
 public:
  using Reply = std::function<std::string(const std::string& request)>;
  using Gone = std::function<void(Connection*)>;

  Connection(EventLoop& loop, Reply reply, Gone gone)
      : reply_of_(std::move(reply)), gone_(std::move(gone)), timer_(loop) {
    uv_pipe_init(loop.handle(), &pipe_, 0);
    pipe_.data = this;
  }

  uv_stream_t* stream() { return as_stream(pipe_); }

  // Called once the pipe has been accepted.
  void begin() {
    uv_os_fd_t descriptor = -1;
    uv_fileno(as_handle(pipe_), &descriptor);
    const auto peer = peer_of(descriptor);
    if (!peer || !is_trusted_user(peer->user)) return drop();
    be_patient();
    uv_read_start(stream(), give_buffer, take_input);
  }

  void say(const std::string& text) {
    assert(reply_.empty());  // one question, one reply
    uv_read_stop(stream());
    reply_ = fmt::format("{}\n{}", text.size(), text);
    be_patient();
    uv_buf_t buffer = uv_buf_init(reply_.data(), static_cast<unsigned>(reply_.size()));
    write_.data = this;
    const int status = uv_write(&write_, stream(), &buffer, 1,
                                [](uv_write_t* written, int) { static_cast<Connection*>(written->data)->drop(); });
    queued_ = uv_stream_get_write_queue_size(stream());
    if (status != 0) drop();
  }

  void drop() {
    if (uv_is_closing(as_handle(pipe_)) != 0) return;
    timer_.stop();
    if (gone_) gone_(this);
    uv_close(as_handle(pipe_), [](uv_handle_t* closed) { delete static_cast<Connection*>(closed->data); });
  }

  // Called when the server is destroyed first.
  void forget_server() { gone_ = nullptr; }

 private:
  void be_patient() {
    timer_.start_timeout(PrivateSocket::patience, [this] { look_at_progress(); });
  }

  // A client is dropped if its request is incomplete after one `patience`, or if no part of the
  // reply went out during one.
  void look_at_progress() {
    waited_ += PrivateSocket::patience;
    const std::size_t queued = uv_stream_get_write_queue_size(stream());
    const bool progress = !reply_.empty() && queued < queued_;
    queued_ = queued;
    if (!progress || waited_ >= PrivateSocket::most_time) return drop();
    be_patient();
  }

  static void give_buffer(uv_handle_t* handle, std::size_t /*suggested*/, uv_buf_t* buffer) {
    auto& self = *static_cast<Connection*>(handle->data);
    *buffer = uv_buf_init(self.buffer_.data(), static_cast<unsigned>(self.buffer_.size()));
  }

  static void take_input(uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
    auto& self = *static_cast<Connection*>(stream->data);
    assert(self.reply_.empty());
    if (count > 0) self.request_.append(buffer->base, static_cast<std::size_t>(count));
    if (count < 0 && count != UV_EOF) return self.drop();
    const auto end = self.request_.find('\n');
    if (end == std::string::npos && self.request_.size() <= PrivateSocket::longest_request) {
      if (count == UV_EOF) self.drop();  // closed before a complete request
      return;
    }
    if (end > PrivateSocket::longest_request) {
      return self.say(error_reply("the request is longer than 4096 bytes"));
    }
    self.say(self.reply_of_(self.request_.substr(0, end)));
  }

  Reply reply_of_;
  Gone gone_;
  Timer timer_;
  uv_pipe_t pipe_{};
  uv_write_t write_{};
  std::array<char, 4096> buffer_{};
  std::string request_;
  std::string reply_;
  std::size_t queued_ = 0;
  Milliseconds waited_{0};
};

struct PrivateSocket::Server {
  EventLoop& loop;
  BoundSocket socket;
  std::map<std::string, Answer> answers = {};
  std::set<Connection*> connections = {};
  uv_pipe_t pipe = {};

  // Returns 0 or a libuv error.
  int listen() {
    uv_pipe_init(loop.handle(), &pipe, 0);
    pipe.data = this;
    if (const int status = uv_pipe_open(&pipe, socket.get()); status != 0) return status;
    static_cast<void>(socket.release());
    return uv_listen(as_stream(pipe), backlog, [](uv_stream_t* stream, int failed) {
      if (failed == 0) static_cast<Server*>(stream->data)->accept();
    });
  }

  // Deletes itself once libuv has closed everything.
  void close() {
    for (auto* connection : std::exchange(connections, {})) {
      connection->forget_server();
      connection->drop();
    }
    socket.remove();
    uv_close(as_handle(pipe), [](uv_handle_t* closed) { delete static_cast<Server*>(closed->data); });
  }

  void accept() {
    auto* connection = new Connection(
        loop, [this](const std::string& request) { return answer(request); },
        [this](Connection* gone) { connections.erase(gone); });
    connections.insert(connection);
    if (uv_accept(as_stream(pipe), connection->stream()) != 0) return connection->drop();
    connection->begin();
    if (connections.size() > most_connections && connections.contains(connection)) {
      connection->say(error_reply("too many are asking at once"));
    }
  }

  std::string answer(const std::string& request) const {
    try {
      const JsonDocument document(request, "the request");
      for (const auto& [key, value] : JsonValue(document).members()) {
        if (key != "ask") continue;
        const auto found = answers.find(value.string());
        if (found == answers.end()) value.fail("unknown request");
        return found->second(JsonValue(document));
      }
      return error_reply("the request: the key \"ask\" is missing");
    } catch (const std::exception& error) {
      return error_reply(error.what());
    }
  }
};

PrivateSocket::PrivateSocket(EventLoop& loop, const std::string& path) {
  server_ = new Server{loop, {path, SOCK_STREAM}};
  const int status = server_->listen();
  if (status == 0) return;
  server_->close();
  throw InputError(path, 0, fmt::format("cannot be listened on: {}", uv_strerror(status)));
}

PrivateSocket::~PrivateSocket() { server_->close(); }

void PrivateSocket::set_answer(const std::string& name, Answer answer) { server_->answers[name] = std::move(answer); }

const std::string& PrivateSocket::path() const { return server_->socket.path(); }

std::string socket_path(const std::string& state_path) { return follow_trusted(state_path).end + ".socket"; }

}  // namespace quotawatch::os
