#include "base/web_url.h"

#include "base/origin.h"

namespace fas {

bool is_web_url(std::string_view text) {
    return (text.starts_with("http://") || text.starts_with("https://")) &&
           parse_origin(text).has_value();
}

bool is_web_base(std::string_view text) {
    return is_web_url(text) && text.find('?') == std::string_view::npos;
}

}  // namespace fas
