// A client of a real tmux with one session, and what it notes.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "os/tmux/tmux_client.h"
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

  void make_client() {
    client_ = std::make_unique<os::TmuxClient>(
        loop_, os::TmuxClient::Server{server_.socket_name(), Milliseconds{20'000}, true},
        [this](std::string_view note) { notes_ += std::string(note) + "\n"; });
  }

  std::string shown(const std::string& session) {
    const auto pane = client_->capture({session}).panes.at(0);
    return pane.text ? *pane.text : pane.why;
  }

  std::string sessions() { return server_.run({"list-sessions", "-F", "#{session_name}"}); }

  TmuxServer server_;
  TemporaryFolder folder_;
  os::EventLoop loop_;
  std::string notes_;
  std::unique_ptr<os::TmuxClient> client_;
};

}  // namespace quotawatch
