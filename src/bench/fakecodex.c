/*
 * A codex that costs next to nothing, so that a benchmark measures the server. Its last argument, the prompt, holds its
 * options as words of the form key=value:
 *
 *   n      lines to print (1)               size   bytes of each, line feed included (200)
 *   us     microseconds between bursts (0)  burst  lines of each burst (1)
 *   times  if not 0, the text of each line begins with its time: CLOCK_MONOTONIC, 18 digits of nanoseconds
 *   post   milliseconds to wait before the exit (0)
 *   stamp  a file that gets the time of the exit: CLOCK_MONOTONIC, in nanoseconds
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *prompt = "";

/* The number after "key=", or the default. */
static long number(const char *key, long otherwise) {
    size_t length = strlen(key);
    for (const char *at = prompt; (at = strstr(at, key)) != NULL; at += length)
        if ((at == prompt || at[-1] == ' ') && at[length] == '=')
            return atol(at + length + 1);
    return otherwise;
}

static void print(const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, count);
        if (written <= 0)
            _exit(3);
        bytes += written;
        count -= (size_t)written;
    }
}

static void wait_us(long microseconds) {
    struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
    nanosleep(&time, NULL);
}

static void stamp(void) {
    const char *at = strstr(prompt, "stamp=");
    if (at == NULL)
        return;
    char file[512];
    struct timespec now;
    sscanf(at + strlen("stamp="), "%511s", file);
    int fd = open(file, O_CREAT | O_WRONLY | O_TRUNC, 0644);
    clock_gettime(CLOCK_MONOTONIC, &now);
    dprintf(fd, "%lld", (long long)now.tv_sec * 1000000000LL + now.tv_nsec);
    close(fd);
}

int main(int argc, char **argv) {
    if (argc > 1)
        prompt = argv[argc - 1];
    long lines = number("n", 1), size = number("size", 200), pause = number("us", 0), times = number("times", 0);

    static const char begin[] =
        "{\"type\":\"thread.started\",\"thread_id\":\"0199a213-81c0-7800-8aa1-bbab2a035a53\"}\n{\"type\":\"turn.started\"}\n";
    static const char head[] =
        "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_0000000\",\"type\":\"agent_message\",\"text\":\"";
    static const char tail[] = "\"}}\n";
    static const char end[] =
        "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":1,\"cached_input_tokens\":0,\"output_tokens\":1}}\n";
    size_t fill, digits = (size_t)(strstr(head, "0000000") - head);
    if (size < (long)(sizeof head + sizeof tail) + (times ? 18 : 0))
        size = sizeof head + sizeof tail + (times ? 18 : 0);
    fill = (size_t)size - (sizeof head - 1) - (sizeof tail - 1);

    /* The lines of one write; each keeps its position and gets its number patched in. */
    size_t batch = pause ? (size_t)number("burst", 1) : size > 65536 ? 1 : 65536 / (size_t)size;
    char *buffer = malloc(batch * (size_t)size);
    for (size_t i = 0; i < batch; i++) {
        char *line = buffer + i * (size_t)size;
        memcpy(line, head, sizeof head - 1);
        for (size_t k = 0; k < fill; k++)
            line[sizeof head - 1 + k] = k % 11 == 10 ? ' ' : (char)('a' + k % 26);
        memcpy(line + sizeof head - 1 + fill, tail, sizeof tail - 1);
    }

    print(begin, sizeof begin - 1);
    for (long done = 0; done < lines;) {
        size_t count = (long)batch > lines - done ? (size_t)(lines - done) : batch;
        for (size_t i = 0; i < count; i++) {
            long value = done + (long)i;
            char *line = buffer + i * (size_t)size;
            for (int place = 6; place >= 0; place--, value /= 10)
                line[digits + (size_t)place] = (char)('0' + value % 10);
            if (times) {
                struct timespec now;
                clock_gettime(CLOCK_MONOTONIC, &now);
                long nanos = (long)now.tv_sec * 1000000000L + now.tv_nsec;
                for (int place = 17; place >= 0; place--, nanos /= 10)
                    line[sizeof head - 1 + (size_t)place] = (char)('0' + nanos % 10);
            }
        }
        print(buffer, count * (size_t)size);
        done += (long)count;
        if (pause && done < lines)
            wait_us(pause);
    }
    print(end, sizeof end - 1);
    wait_us(number("post", 0) * 1000);
    stamp();
    _exit(0);
}
