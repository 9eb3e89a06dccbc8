#include "os/loop/readable.h"

#include <uv.h>

#include <utility>

namespace quotawatch::os {

struct Readable::Handle {
  uv_poll_t poll = {};
  std::function<void()> ready;
};

Readable::Readable(EventLoop& loop, int descriptor, std::function<void()> ready) : handle_(new Handle) {
  if (uv_poll_init(loop.handle(), &handle_->poll, descriptor) != 0) {
    delete std::exchange(handle_, nullptr);
    return;
  }
  handle_->poll.data = handle_;
  handle_->ready = std::move(ready);
  uv_poll_start(&handle_->poll, UV_READABLE,
                [](uv_poll_t* handle, int /*failed*/, int /*events*/) { static_cast<Handle*>(handle->data)->ready(); });
}

Readable::~Readable() {
  if (handle_ == nullptr) return;
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll),
           [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
}

}  // namespace quotawatch::os
