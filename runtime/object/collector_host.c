/* Initialising the collector without getting into the host's way, which may use it too. */
#include "object/collector_host.h"

#define GC_THREADS
#include <gc/gc.h>
#include <gc/gc_mark.h>
#include <link.h>
#include <signal.h>
#include <string.h>

/* ---- Static data ---- */

/*
 * Static data of the host and of its libraries is a source of roots, as the collector has it. That of these
 * libraries never refers to the heap, and there is much of it.
 */
static int has_static_roots(const char *path, void *start, size_t bytes) {
	(void)start;
	(void)bytes;
	static const char *const without[] = {"libvolt-", "libLLVM", "libasan.", "libubsan.", "libtsan."};
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	for (size_t i = 0; i < sizeof without / sizeof *without; i++)
		if (strncmp(name, without[i], strlen(without[i])) == 0)
			return 0;
	return 1;
}

/* ---- Signals ---- */

/* The uppermost ones are not there under emulators, or are a debugger's. */
enum { LEFT_ALONE = 8 };

/* The next real-time signal below `signal` that nobody handles; 0: there is none. */
static int unused_signal(int signal) {
	struct sigaction action;
	while (--signal >= SIGRTMIN)
		if (sigaction(signal, NULL, &action) == 0 && !(action.sa_flags & SA_SIGINFO) &&
		    action.sa_handler == SIG_DFL)
			return signal;
	return 0;
}

/* The collector's default signals mean something to others: power failures, and limits of processor time. */
static void choose_signals(void) {
	if (GC_get_suspend_signal() != SIGPWR || GC_get_thr_restart_signal() != SIGXCPU)
		return; /* the host has chosen */
	const int suspend = unused_signal(SIGRTMAX - LEFT_ALONE);
	const int restart = suspend ? unused_signal(suspend) : 0;
	if (restart) {
		GC_set_suspend_signal(suspend);
		GC_set_thr_restart_signal(restart);
	}
}

/* ---- Initialising ---- */

bool collector_initialise(void) {
	if (GC_is_init_called())
		return false;
	GC_set_all_interior_pointers(1);
	GC_set_handle_fork(0);
	GC_set_warn_proc(GC_ignore_warn_proc);
	GC_register_has_static_roots_callback(has_static_roots);
	choose_signals();
	/* The collector takes the thread that initialises it for the process's first one. */
	GC_set_stackbottom(NULL, &(struct GC_stack_base){.mem_base = collector_stack_base()});
	GC_INIT();
	GC_set_free_space_divisor(2);
	return true;
}

/* ---- Others that use it ---- */

static const ElfW(Dyn) * dynamic_section(const struct dl_phdr_info *object) {
	for (int i = 0; i < object->dlpi_phnum; i++)
		if (object->dlpi_phdr[i].p_type == PT_DYNAMIC)
			return (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
	return NULL;
}

static bool contains(const struct dl_phdr_info *object, const void *address) {
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		if (segment->p_type == PT_LOAD &&
		    (ElfW(Addr))address - object->dlpi_addr - segment->p_vaddr < segment->p_memsz)
			return true;
	}
	return false;
}

/* What a loaded object says of its links; the loader has replaced offsets by addresses. */
typedef struct {
	const ElfW(Dyn) * entries;
	const char *names;
	const ElfW(Sym) * symbols;
	const ElfW(Rela) * relocations[2];
	size_t bytes[2];
} link_tables;

static link_tables read_tables(const ElfW(Dyn) * entries) {
	link_tables tables = {.entries = entries};
	for (const ElfW(Dyn) *entry = entries; entry && entry->d_tag != DT_NULL; entry++) {
		switch (entry->d_tag) {
		case DT_STRTAB: tables.names = (const char *)entry->d_un.d_ptr; break;
		case DT_SYMTAB: tables.symbols = (const ElfW(Sym) *)entry->d_un.d_ptr; break;
		case DT_RELA: tables.relocations[0] = (const ElfW(Rela) *)entry->d_un.d_ptr; break;
		case DT_RELASZ: tables.bytes[0] = entry->d_un.d_val; break;
		case DT_JMPREL: tables.relocations[1] = (const ElfW(Rela) *)entry->d_un.d_ptr; break;
		case DT_PLTRELSZ: tables.bytes[1] = entry->d_un.d_val; break;
		default: break;
		}
	}
	return tables;
}

static bool is_linked_with_collector(const link_tables *tables) {
	for (const ElfW(Dyn) *entry = tables->entries; tables->names && entry->d_tag != DT_NULL; entry++)
		if (entry->d_tag == DT_NEEDED && strncmp(tables->names + entry->d_un.d_val, "libgc.so", 8) == 0)
			return true;
	return false;
}

static bool calls_collector(const link_tables *tables) {
	for (int table = 0; table < 2; table++) {
		const ElfW(Rela) *relocations = tables->relocations[table];
		const size_t count = relocations ? tables->bytes[table] / sizeof *relocations : 0;
		for (size_t i = 0; i < count; i++) {
			const ElfW(Sym) *symbol = &tables->symbols[ELF64_R_SYM(relocations[i].r_info)];
			if (symbol->st_shndx == SHN_UNDEF && strncmp(tables->names + symbol->st_name, "GC_", 3) == 0)
				return true;
		}
	}
	return false;
}

static int uses_collector(struct dl_phdr_info *object, size_t size, void *ours) {
	(void)size;
	const link_tables tables = read_tables(dynamic_section(object));
	return is_linked_with_collector(&tables) && !contains(object, ours) && calls_collector(&tables);
}

bool collector_has_other_users(void) {
	static const char ours;
	return dl_iterate_phdr(uses_collector, (void *)&ours) != 0;
}
