# 根据运行中的证据给出的下一步建议，以及程序为什么无法评分。


## 位置与结束方式
place-line = { $file }:{ $line }
place-program = 程序
exit-code = 退出码 { $code }
exit-signal = 信号 { $signal } { $name }
exit-memory = 占用内存超过 { $megabytes } MB

## 提示里的建议
advice-import = 请在文件开头加上 `{ $line }`
advice-import-instead = `{ $wrong }` 只导入了其中的函数或类；请改写为 `{ $right }`
advice-write = 请写成 `{ $text }`
advice-did-you-mean = 你是不是想写 `{ $name }`？
advice-rename = 请给变量换一个不同于 `{ $name }` 的名字
advice-global = 请在函数开头写 `global { $name }`
advice-spelling = 请和定义它的地方核对拼写

## 程序为什么无法评分
problem-exited-early = 程序在回应请求之前就结束了（{ $exit }）
problem-exited-early-error = 程序在回应请求之前就结束了（{ $exit }）：{ $error }
problem-exited-early-at = 程序在回应请求之前就结束了（{ $exit }），{ $file }:{ $line }：{ $error }
problem-never-listened = 程序在运行，但 { $seconds } 秒内没有开始接受连接
problem-not-http = 程序在 { $address } 监听，但它的回应不是 HTTP
problem-port-held = 端口 { $port } 已被占用：{ $holder } 正在监听它
problem-port-in-use = 端口 { $port } 被占用：可能是另一个程序，也可能是刚结束的程序
problem-some-port-in-use = 程序要用的端口已被另一个程序占用
problem-package-missing = 这台机器上没有安装 `{ $package }` 包
problem-library-missing = `{ $command }` 需要 `{ $library }`，而这台机器上没有
problem-build-failed = `{ $command }` 执行失败（{ $exit }）
problem-build-failed-at = `{ $command }` 执行失败（{ $exit }），{ $file }:{ $line }：{ $error }
problem-build-timeout = `{ $command }` 在 { $seconds } 秒内没有完成

## 启动
hint-port-in-use = 请先结束占用端口 { $port } 的程序，再重新运行检查；这不会扣分
hint-port-still-in-use = 如果已经没有程序在用它，请等一分钟再重新运行检查；这不会扣分
hint-some-port-in-use = 请结束另一个程序，或换一个端口；这不会扣分
hint-install-package = 请安装它：`{ $command }`；这不会扣分
hint-fetch-libraries = 请在有网络的地方先运行一次 `{ $command }`，把依赖库下载好；这不会扣分
hint-fetch-libraries-by = 构建时没有网络；请用 `--setup "{ $setup }"` 先下载依赖库；这不会扣分
hint-syntax-error = 语言无法读懂 { $place }；请看这一行和上一行是否漏了括号、引号、冒号或逗号
hint-indentation-error = { $place } 的缩进不对；同一代码块请统一用四个空格缩进，不要用制表符
hint-fullwidth-punctuation = { $place } 里有中文标点 `{ $mark }`；括号、引号和逗号请切换到英文输入法来输入
hint-source-encoding = { $place } 不是用 UTF-8 保存的；请在编辑器里把文件另存为 UTF-8
hint-module-misspelled = 没有名为 `{ $name }` 的模块；{ $advice }
hint-file-missing = 程序要加载的文件 `{ $name }` 不存在；请核对文件名和所在文件夹
hint-import-name = `{ $module }` 里没有 `{ $name }`；{ $advice }
hint-shadowed-module = 你的文件 `{ $file }` 挡住了模块 `{ $module }`；请给这个文件换个名字
hint-waits-for-input = { $file }:{ $line } 在等待输入，而这里没有人会输入；请把这个值直接写在程序里
hint-address-not-here = 这台机器没有 `host` 所写的地址；请用 `127.0.0.1`
hint-port-invalid = 端口号必须在 1 到 65535 之间；例如可以用 `5000`
hint-port-privileged = 1024 以下的端口留给系统使用；例如可以用 `5000`
hint-route-without-slash = 路由必须以斜杠开头；请写成 `/{ $route }`
hint-two-views-one-name = 有两个视图函数都叫 `{ $name }`；请给每个函数起不同的名字
hint-name-check = { $file }:{ $line } 的比较永远不成立；请写 `if __name__ == "__main__":`，每边各两个下划线
hint-run-not-reached = 服务器本该在 { $file }:{ $line } 启动，但这一行永远执行不到；请把它移到文件末尾，放在函数和条件之外
hint-run-missing = 程序没有启动服务器就结束了；请在最后一行调用 `{ $call }`
hint-ends-at-once = 程序没有启动服务器就结束了；它应该一直运行并等待请求
hint-error-at-start = 错误来自 { $file }:{ $line }；请自己运行一次程序，先改好这一行
hint-exited-early = 请自己运行一次程序，看看它结束时说了什么
hint-killed = 程序被外部强制结束；请自己运行一次，看看它用了多少内存
hint-memory = 程序占用的内存不断增加；请检查有没有无限增长的列表或循环
hint-never-listened = 服务器应该立刻启动；请看启动之前是否有很长的 `sleep`、死循环，或漏了 `listen`
hint-udp = 程序用的是 UDP，而浏览器通过 TCP 使用 HTTP；请用 `SOCK_STREAM`，最好直接用 Web 框架
hint-not-http = 回应要以状态行开头，例如 `HTTP/1.1 200 OK`，然后是响应头、一个空行和正文；用 `http.server` 时，写正文之前要先调用 `end_headers()`
hint-speaks-https = 程序使用的是 HTTPS；请去掉证书，以普通 HTTP 启动
hint-build-failed = 请先改好 { $file }:{ $line }；后面的错误往往是由第一个引起的
hint-build-failed-somewhere = 请自己运行 `{ $command }`，看它的第一条错误
hint-build-timeout = 请自己运行 `{ $command }`；它应该能够结束

## 没有回应
hint-server-died = 程序在回应请求时整个结束了（{ $exit }）；一个请求里的错误或 `exit` 不应该结束服务器
hint-serves-one-request = { $file }:{ $line } 的 `handle_request()` 只回应一个请求；请用 `serve_forever()`
hint-exit-in-view = { $file }:{ $line } 在回应的中途结束了程序；请去掉这个 `exit`
hint-closed-early = `{ $path }` 还没有回应完，连接就断开了；请看程序的日志里有没有错误
hint-response-not-ended = 响应在结束之前不算发送完成；请在 `{ $path }` 的处理里调用 `res.end()`
hint-no-answer-in-time = `{ $path }` 在 { $seconds } 秒内没有回应；请看是否有 `sleep`、死循环，或在等一个永远不会来的东西
hint-invalid-answer = `{ $path }` 的回应不是 HTTP；正文之前要有状态行、响应头和一个空行
hint-answer-too-large = `{ $path }` 的回应远比一个网页大；请看是否有循环在重复输出
hint-redirect-loop = `{ $path }` 在循环重定向；请直接给出回应

## 回应时出错
hint-none-returned = 这里 `{ $value }` 的值是 None，而 Flask 视图不能返回 None；请返回 `str({ $returned })`
hint-none-returned-somewhere = `{ $function }` 返回了 None，而 Flask 视图不能返回 None；请返回文本，例如 `str(value)`
hint-no-return = `{ $function }` 没有 `return` 就结束了；视图必须返回要给浏览器的内容
hint-set-cookie-chained = `set_cookie` 的返回值是 None，不是响应；请在 `{ $function }` 里先把响应存到变量，再对它调用 `set_cookie`，最后返回这个变量
hint-none-concatenated = 没有 cookie 时它的值是 None，不能和文本拼接（{ $place }）；请用 `str(...)` 包住它
hint-none-attribute = 这里的值是 None，而 None 没有 `{ $attribute }`（{ $place }）；请先判断它是否存在
hint-undefined-property = 值不存在，所以不能读取它的 `{ $attribute }`（{ $place }）；请先判断它是否存在
hint-key-error = 这个请求里没有 `{ $key }`（{ $place }）；用 `.get("{ $key }")` 会得到 None 而不是报错
hint-key-missing = { $place } 要取的 `{ $key }` 不存在；`.get(...)` 会得到 None 而不是报错，也可以先用 `in` 检查
hint-first-of-none = 浏览器没有 cookie 时就没有第一个（{ $place }）；请按名字读取 cookie
hint-index-error = 列表里没有那个位置的元素（{ $place }）；请看列表有多长、用的下标是多少
hint-name-error = { $place } 用到的 `{ $name }` 没有定义；{ $advice }
hint-unbound-local = 函数里给 `{ $name }` 赋了值，所以它是局部变量，这时还没有值（{ $place }）；{ $advice }
hint-attribute-error = `{ $owner }` 没有 `{ $name }`（{ $place }）；{ $advice }
hint-not-callable = `{ $kind }` 不是函数，后面不能加 `(...)`（{ $place }）；如果它是字典，请用 `.get("...")`
hint-not-a-function = `{ $name }` 不是函数（{ $place }）；请核对拼写和它的来源
hint-session-needs-key = session 需要一个固定不变的密钥：`app.secret_key = "..."`
hint-session-no-key = session 需要密钥：`app.secret_key = "..."`；这个练习要的是普通 cookie，请用 `response.set_cookie`
hint-template-not-found = Flask 找不到 `{ $template }`；模板要放在程序旁边名为 `templates` 的文件夹里
hint-cookie-not-text = cookie 的值必须是文本（{ $place }）；请用 `str(...)` 包住它
hint-headers-already-sent = cookie 是在回应开始之后才设置的，已经太晚了（{ $place }）；请先设置 cookie，再输出内容
hint-error-in-view = { $place } 出错：{ $error }

## 路由
hint-route-missing = 没有路由回应 `{ $path }`；程序里有 { $routes }
hint-not-found = 没有路由回应 `{ $path }`；请核对路径，并确认路由在服务器启动之前已经建立
hint-trailing-slash = 路由写成了 `{ $route }`，所以 `{ $path }` 只会被重定向过去；请把路由写成 `{ $path }`
hint-redirected = `{ $path }` 重定向到了 `{ $location }`；它应该自己给出回应
hint-method-missing = `{ $path }` 的路由不接受 { $method }；请加上它，在 Flask 中写 `methods=["{ $method }"]`
hint-wrong-method = `{ $path }` 不接受浏览器访问页面所用的 { $method }；请去掉 `methods`，或加上 "{ $method }"
hint-no-routes = 没有任何函数带路由，所以 `{ $path }` 没有回应；请在对应函数上方写 `@app.route("{ $path }")`
hint-routes-after-run = { $file }:{ $line } 的 `app.run()` 会一直等待，它下面的路由（如 `{ $path }`）永远不会建立；请把它移到文件末尾
hint-app-made-twice = { $file }:{ $line } 又新建了一个 app，上面的路由不在其中，所以 `{ $path }` 丢失了；请只保留一个 `Flask(__name__)`
hint-app-imported-twice = { $file }:{ $line } 导入的是正在运行的程序的另一份副本，`{ $path }` 加到了错误的 app 上；请把 app 放到单独的文件里创建
hint-blueprint-not-registered = 蓝图 `{ $name }` 没有注册，所以 `{ $path }` 没有回应；请加上 `app.register_blueprint({ $name })`
hint-server-failed = 程序在回应 `{ $path }` 时出错；它自己的日志会指出是哪一行

## 所设置的 cookie
hint-cookie-name = 设置的 cookie 名字是 { $names }；名字必须正好是 `{ $name }`
hint-name-and-value-swapped = 名字和值的顺序反了；应先写名字 `{ $name }`，再写值 `{ $came }`
hint-session-not-used = 往 session 里放入内容之后，Flask 才会设置 `session` cookie，例如 `session["username"] = username`
hint-session = session 会把值都存进名为 `session` 的 cookie；请用 `response.set_cookie("{ $name }", ...)` 设置自己的 cookie
hint-cookie-domain = `domain` 写的是 { $domain }，不是这台服务器，浏览器会丢弃 cookie `{ $name }`；请去掉 `domain`
hint-cookie-expired = cookie `{ $name }` 的过期时间 { $expires } 已经过去；`expires` 是一个时间点，若要写有效秒数请用 `max_age`
hint-cookie-max-age = `Max-Age={ $age }` 会立刻删除 cookie `{ $name }`；请去掉它，或写大一些的秒数
hint-cookie-path = 浏览器只会把 cookie `{ $name }` 发给 `{ $path }` 及其下的路径，不会发给 `{ $wanted }`；请去掉 `path` 或写成 `/`
hint-cookie-deleted = 响应又把 cookie `{ $name }` 删除了；请去掉删除它的那一行
hint-cookie-empty = cookie `{ $name }` 没有值；请把时间作为它的值
hint-cookie-same-site = 带 `SameSite=None` 的 cookie `{ $name }` 只有在 HTTPS 下才会被浏览器保存；请去掉 `samesite`
hint-cookie-prefix = cookie `{ $name }` 以 `{ $prefix }` 开头，浏览器只在满足特定条件时才保存；请用普通的名字
hint-cookie-malformed = 浏览器读不懂 cookie `{ $name }`；请给它一个不含换行的短文本
hint-cookie-too-many = 服务器设置的 cookie 超过了浏览器能保存的数量；只要 cookie `{ $name }` 就够了
hint-header-misspelled = 响应里有浏览器不认识的响应头 `{ $header }`；设置 cookie 的响应头是 `Set-Cookie`
hint-cookie-from-page = cookie `{ $name }` 是让网页自己去设置的；应由服务器在响应里发送：{ $call }
hint-views-swapped = 设置 cookie `{ $name }` 的是 `{ $other }`，不是 `{ $path }`；请交换这两个路由
hint-return-before-set-cookie = { $file }:{ $line } 的 `return` 在 `set_cookie` 之前就结束了函数；请先设置 cookie
hint-response-not-returned = { $file }:{ $line } 给 `{ $variable }` 设置了 cookie，返回的却是 `{ $returned }`；请返回 `{ $variable }`
hint-cookie-condition = { $file }:{ $line } 只给已经有 cookie 的访问者设置 cookie；请每次访问都设置
hint-cookie-never-set = 程序里没有任何地方设置 cookie `{ $name }`；请在响应上设置：{ $call }
hint-cookie-not-set = `{ $path }` 的回应里没有 `Set-Cookie` 响应头；请确认 cookie `{ $name }` 设置在所返回的响应上

## 时间
hint-constant-value = cookie `{ $name }` 的值总是 `{ $value }`；请在每次访问时取当前时间
hint-not-a-time = cookie `{ $name }` 的值 `{ $value }` 不是日期和时间；请把访问的时间作为它的值
hint-function-not-called = 值里显示的是函数 `{ $function }` 本身；请在名字后面加 `()` 来调用它
hint-made-at-import = { $file }:{ $line } 只在程序启动时取了一次时间；请在函数里面取，让 cookie `{ $name }` 每次访问都是新的
hint-made-at-first-visit = 第一次访问的时间被留给了所有人；请在每次访问时重新生成 cookie `{ $name }` 的值
hint-value-never-changes = 每次访问 cookie `{ $name }` 都还是 `{ $value }`；请在回应请求的函数里取时间

## 所显示的值
hint-current-time-echoed = `{ $path }` 显示的是现在的时间；应该显示浏览器发来的 cookie
hint-global-variable = `{ $path }` 显示了属于另一个客户端的 `{ $value }`；程序里的变量是所有访问者共用的，请读取这个请求自己的 cookie
hint-same-answer-everywhere = `{ $path }` 和 `{ $other }` 的回应一样；请在程序里区分访问的是哪个路径
hint-value-upper-cased = 显示的值变成了大写；请原样显示
hint-value-lower-cased = 显示的值变成了小写；请原样显示
hint-value-percent-encoded = 显示之前值又做了百分号编码；请原样显示
hint-value-quoted-twice = 值又被加了一层引号；请原样显示
hint-value-escaped = 显示的值带有反斜杠转义，像写在程序里那样；请显示文本本身
hint-value-html-escaped = 值做了两次 HTML 转义；只需要一次
hint-value-mojibake = 值变成了乱码；请用 UTF-8 读写
hint-value-without-spaces = 值里的空格不见了；请原样显示
hint-value-spaces-collapsed = 值里连续的空格被合并成一个；请原样显示
hint-value-reversed = 值被倒过来显示了；请原样显示
hint-value-cut = 值只剩下 `{ $kept }`；请显示完整的值
hint-content-length = `Content-Length` 数的是字符，而发送的是字节，所以回应被截断了；请数字节，在 Python 里是 `len(text.encode())`
hint-printed = `{ $path }` 把值打印到了服务器的窗口里；请用 `return` 返回，浏览器才能看到
hint-empty-body = `{ $path }` 的回应是空的；请返回 cookie 的值
hint-answer-hard-coded = `{ $path }` 总是回应写在程序里的 `{ $text }`；应该显示浏览器发来的 cookie
hint-only-issued-values = 只有程序自己生成的值才会显示；无论浏览器发来的 cookie `{ $name }` 是什么都应该显示
hint-other-name-read = 程序读取的是 cookie `{ $read }`，而浏览器发来的是 `{ $name }`；两处请用同一个名字
hint-not-read-from-cookies = `{ $place }` 里没有 cookie `{ $name }`；请从请求的 cookie 里读取
hint-value-not-shown = 浏览器发来了 cookie `{ $name }`，但回应里没有它的值；请从请求中读取并返回

## None
hint-empty-for-none = 没有 cookie 时 `{ $path }` 的回应是空的；应该回应文本 `None`，而不是空文本
hint-text-for-none = 没有 cookie 时的回应是 `{ $text }`；其中必须有 `None` 这个词
hint-none-spelling = 回应里写的是 `{ $word }`；应该写成 `None`，N 大写，其余小写
hint-null-for-none = 应该是 `None` 的地方出现了 `null`；请回应文本 `None`，而不是 JSON 或其他语言的写法
hint-undefined-for-none = 应该是 `None` 的地方出现了 `undefined`；没有 cookie 时请回应文本 `None`
hint-current-time-for-none = 没有 cookie 时回应了现在的时间；应该回应 `None`
hint-whole-dict = 回应把全部 cookie 一起显示了；请按名字只显示那一个，用 `.get("{ $name }")`
hint-type-for-none = 回应显示的是值的类型；请用 `str(...)` 显示值本身
hint-any-cookie = 回应显示了 cookie `{ $shown }` 的值；请只读取名为 `{ $name }` 的 cookie
hint-name-matched-loosely = cookie `{ $shown }` 被当成了 `{ $name }`；请逐字比较完整的名字

## JSON
hint-json-flask-text = 字典的 `str(...)` 是 Python 的写法，不是 JSON（JSON 的引号是 `"`）；`{ $path }` 请直接返回字典，或返回 `jsonify(...)`
hint-json-python-text = 字典的 `str(...)` 是 Python 的写法，不是 JSON（JSON 的引号是 `"`）；`{ $path }` 请用 `json.dumps(...)` 回应
hint-json-flask-page = `{ $path }` 返回的是网页；请改为返回字典，或者 `jsonify(...)` 加状态码
hint-json-page = `{ $path }` 返回的是网页；请改为返回 JSON
hint-json-flask = `{ $path }` 返回的是纯文本；请改为返回字典或 `jsonify(...)`
hint-json = `{ $path }` 返回的内容不是 JSON；发送之前请先转换成 JSON
hint-json-number-as-text = `{ $path }` 的 { $came } 带引号，所以是文本；请把它变成数字，例如用 `int(...)`
hint-json-text-as-number = `{ $path }` 的 { $came } 是数字；请把它变成文本，例如用 `str(...)`
hint-json-truth-as-text = `{ $path }` 的 { $came } 带引号，所以是文本；JSON 的真假值是 `true` 和 `false`（Python 中为 `True` 和 `False`），不带引号
hint-json-truth-as-number = `{ $path }` 的 { $came } 是数字；请使用真假值 { $wanted }
