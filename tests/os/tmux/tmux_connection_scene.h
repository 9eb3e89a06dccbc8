// A lasting connection to a real tmux with one session, and the notes it receives.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "os/tmux/tmux_control_transport.h"
#include "tmux_server.h"

namespace quotawatch {

using namespace os::testing_support;  // NOLINT: for tests of the client alone
using Status = PaneCapture::Status;

class TmuxConnection : public testing::Test {
 protected:
  void SetUp() override {
    server_.start();
    server_.show("a", "hello\n\n", 20, 2);
  }

  using Servers = os::TmuxControlTransport::Servers;

  void make_client(Servers servers = Servers::all) {
    client_ = std::make_unique<os::TmuxControlTransport>(
        loop_, server_.socket_name(), servers, [this](std::string_view note) { notes_ += std::string(note) + "\n"; });
  }

  TmuxCapture capture(const std::vector<std::string>& sessions) { return client_->capture(sessions, timeout_); }

  std::string shown(const std::string& session) {
    const auto pane = capture({session}).panes.at(0);
    return pane.text ? *pane.text : pane.why;
  }

  std::string sessions() { return server_.run({"list-sessions", "-F", "#{session_name}"}); }

  TmuxServer server_;
  TemporaryFolder folder_;
  os::EventLoop loop_;
  std::string notes_;
  Milliseconds timeout_{20'000};
  std::unique_ptr<os::TmuxControlTransport> client_;
};

}  // namespace quotawatch
