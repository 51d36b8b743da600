// hello-swift: an app in Swift. `apps/sdk/swift/build.sh` builds it into its folder, ready to push.
import ElvesApp

struct Name: Decodable {
    var name: String?
}

struct Greeting: Encodable {
    var text: String
}

let app = App()
app.function("greet") { (param: Name?, _) in
    Greeting(text: "hello \(param?.name ?? "world")")
}
app.function("refuse") { (_: Name?, _) -> Greeting in
    throw Failure("no, on principle")
}
await app.main()
