// The same as embed.c in C++: what belongs to the host goes by itself, and errors are exceptions.
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <volt/call.h>

namespace {

template <auto Function> struct calls {
	template <typename Type> void operator()(Type *owned) const {
		Function(owned);
	}
};
using module_owner = std::unique_ptr<volt_module, calls<volt_module_free>>;
using vm_owner = std::unique_ptr<volt_vm, calls<volt_vm_free>>;

void check(volt_error *error) {
	if (!error)
		return;
	std::string message = volt_error_message(error);
	volt_error_free(error);
	throw std::runtime_error(message);
}

module_owner read(const char *path) {
	volt_module *module = nullptr;
	check(volt_module_read_file(path, &module));
	module_owner owner(module);
	check(volt_module_verify(module));
	return owner;
}

vm_owner start(const volt_module &module) {
	volt_vm *vm = nullptr;
	check(volt_vm_new(&module, nullptr, &vm));
	vm_owner owner(vm);
	check(volt_vm_start(vm));
	return owner;
}

// No exception may pass through the library: those of natives must end in them.
std::string greet(volt_vm &vm, const std::string &name) {
	volt_value argument = volt_string(name.data(), name.size());
	volt_value result = volt_value_of(VOLT_VALUE_STRING);
	check(volt_vm_call(&vm, "greet", &argument, 1, &result, 1));
	std::string greeting(result.text.bytes, result.text.length);
	volt_value_clear(&result);
	return greeting;
}

} // namespace

int main(int count, char **arguments) try {
	module_owner module = read(count > 1 ? arguments[1] : "greet.vot");
	vm_owner vm = start(*module);
	std::cout << greet(*vm, "Vo") << '\n';
} catch (const std::exception &error) {
	std::cerr << error.what() << '\n';
	return 1;
}
