-- @noindex
-- JSON for Hitpoint's scripts: whole numbers stay whole, lists stay lists, names in any encoding come out as UTF-8.

local json = {}

-- Marks a table as a list, as Lua cannot tell an empty list from an empty object.
local LIST = {}
function json.list(items) return setmetatable(items or {}, LIST) end
-- A list of values that are written already.
local WRITTEN = {}
function json.written_list() return setmetatable({}, WRITTEN) end
json.null = setmetatable({}, { __tostring = function() return "null" end })

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

local BEYOND_REPAIR = "\u{FFFD}"

-- Old projects have names in a system's own encoding: what is no UTF-8 becomes a mark that says so.
local function repaired(text)
  local parts, at = {}, 1
  while at <= #text do
    local _, wrong = utf8.len(text, at)
    parts[#parts + 1] = text:sub(at, wrong and wrong - 1 or #text)
    if not wrong then break end
    parts[#parts + 1] = BEYOND_REPAIR
    at = wrong + 1
  end
  return table.concat(parts)
end

local function quoted(text)
  -- Most are plain, and there may be ten thousand of them.
  if not text:find('[^ !#-%[%]-~]') then return '"' .. text .. '"' end
  -- Lua 5.3 takes half characters for whole ones.
  text = text:gsub("\xED[\xA0-\xBF][\x80-\xBF]", BEYOND_REPAIR)
  if not utf8.len(text) then text = repaired(text) end
  -- Not %c: what is a control character depends on the system's language.
  local escaped = text:gsub('[\0-\31\127"\\]', function(c) return ESCAPES[c] or string.format("\\u%04x", c:byte()) end)
  return '"' .. escaped .. '"'
end

function json.number(value)
  if value ~= value or value == math.huge or value == -math.huge then return "null" end
  if math.type(value) == "integer" then return string.format("%d", value) end
  local text = string.format("%.15g", value)
  -- The system's language may have a comma in its numbers.
  return text:find(",", 1, true) and text:gsub(",", ".") or text
end

local add_value

-- Keys in order, so that the same is always written the same.
local function add_object(parts, object)
  local keys = {}
  for key in pairs(object) do keys[#keys + 1] = key end
  table.sort(keys)
  parts[#parts + 1] = "{"
  for place, key in ipairs(keys) do
    parts[#parts + 1] = (place > 1 and "," or "") .. quoted(key) .. ":"
    add_value(parts, object[key])
  end
  parts[#parts + 1] = "}"
end

local function add_list(parts, list)
  parts[#parts + 1] = "["
  for place, item in ipairs(list) do
    if place > 1 then parts[#parts + 1] = "," end
    add_value(parts, item)
  end
  parts[#parts + 1] = "]"
end

function add_value(parts, value)
  local kind = type(value)
  if kind == "string" then
    parts[#parts + 1] = quoted(value)
  elseif kind == "number" then
    parts[#parts + 1] = json.number(value)
  elseif value == json.null or kind == "nil" then
    parts[#parts + 1] = "null"
  elseif kind == "boolean" then
    parts[#parts + 1] = tostring(value)
  elseif getmetatable(value) == LIST then
    add_list(parts, value)
  elseif getmetatable(value) == WRITTEN then
    parts[#parts + 1] = "[" .. table.concat(value, ",") .. "]"
  else
    add_object(parts, value)
  end
end

function json.encode(value)
  if type(value) == "string" then return quoted(value) end
  local parts = {}
  add_value(parts, value)
  return table.concat(parts)
end

local UNESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local function fail(at, what) error("no JSON at byte " .. at .. ": " .. what, 0) end

local decode_value

local function decode_text(text, at)
  local parts, start = {}, at + 1
  while true do
    local stop = text:find('["\\]', start)
    if not stop then fail(at, "text without end") end
    parts[#parts + 1] = text:sub(start, stop - 1)
    if text:sub(stop, stop) == '"' then return table.concat(parts), stop + 1 end
    local escape = text:sub(stop + 1, stop + 1)
    if escape == "u" then
      local code = tonumber(text:match("^%x%x%x%x", stop + 2) or "none", 16)
      if not code then fail(stop, "escape") end
      start = stop + 6
      if code >= 0xD800 and code < 0xDC00 then
        local low = tonumber(text:match("^\\u([dD][c-fC-F]%x%x)", start) or "none", 16)
        if not low then fail(stop, "half a character") end
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        start = start + 6
      end
      parts[#parts + 1] = utf8.char(code)
    elseif UNESCAPES[escape] then
      parts[#parts + 1] = UNESCAPES[escape]
      start = stop + 2
    else
      fail(stop, "escape")
    end
  end
end

local function skip(text, at) return text:find("[^ \t\r\n]", at) or #text + 1 end

local function decode_items(text, at, close, one)
  at = skip(text, at + 1)
  if text:sub(at, at) == close then return at + 1 end
  while true do
    at = skip(text, one(at))
    local mark = text:sub(at, at)
    if mark == close then return at + 1 end
    if mark ~= "," then fail(at, "neither , nor " .. close) end
    at = skip(text, at + 1)
  end
end

function decode_value(text, at)
  at = skip(text, at)
  local first = text:sub(at, at)
  if first == '"' then return decode_text(text, at) end
  if first == "[" then
    local items = json.list()
    local after = decode_items(text, at, "]", function(place)
      local item, stop = decode_value(text, place)
      items[#items + 1] = item
      return stop
    end)
    return items, after
  end
  if first == "{" then
    local object = {}
    local after = decode_items(text, at, "}", function(place)
      if text:sub(place, place) ~= '"' then fail(place, "no key") end
      local key, stop = decode_text(text, place)
      stop = skip(text, stop)
      if text:sub(stop, stop) ~= ":" then fail(stop, "no :") end
      object[key], stop = decode_value(text, stop + 1)
      return stop
    end)
    return object, after
  end
  for word, value in pairs({ ["true"] = true, ["false"] = false, null = json.null }) do
    if text:sub(at, at + #word - 1) == word then return value, at + #word end
  end
  local number = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
  local value = number and tonumber(number)
  if not value then fail(at, "no value") end
  return value, at + #number
end

function json.decode(text)
  local value, after = decode_value(text, 1)
  if skip(text, after) <= #text then fail(after, "more than one value") end
  return value
end

return json
